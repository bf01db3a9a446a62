"""Takes the picture of the editor on the newest session of a project, as `make demo` leaves one.

`python docs/editor_picture.py PROJECT FOLDER [light|dark]`, from the repository's root, on a display (Xvfb does);
those of the docs are made of a demo's project, with `docs/images` as the folder, once light and once dark.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from PySide6.QtTest import QTest

from storage import Project
from ui.application.application import application
from ui.editor.run import editor_window
from woz.base.clock import SystemClock
from woz.base.interval import NS_PER_S
from woz.lab.annotators import add_annotator

AT_NS = 8 * NS_PER_S


def main() -> None:
    path, folder = Path(sys.argv[1]), Path(sys.argv[2])
    theme = sys.argv[3] if len(sys.argv) > 3 else "light"
    app = application(theme)
    with Project.open(path, SystemClock()) as project:
        session = max(project.sessions.all(), key=lambda each: each.start_utc_ns)
        annotator = next(iter(project.annotators.all()), None) or add_annotator(project, "A01")
        window = editor_window(project, session.id, annotator.id)
        window.resize(1280, 800)
        window.show()
        QTest.qWait(1_500)
        window.player.seek(AT_NS)
        QTest.qWait(2_500)
        window.grab().save(str(folder / f"editor{'-dark' if theme == 'dark' else ''}.png"), quality=0)
        window.close()
        app.processEvents()


if __name__ == "__main__":
    main()
