"""Takes pictures of the confusion matrix, and of somebody's weeks: coded later and later, against the gold.

`python docs/weeks_picture.py FOLDER [light|dark]`, from the repository's root, on a display (Xvfb does).
Those of the docs are made by `python docs/weeks_picture.py docs/images light`.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTabWidget

from storage import Project
from tests.ui.weeks_room import weeks_project
from ui.agreement.run import agreement_window
from ui.application.application import application
from woz.base.clock import ManualClock

TAKEN = ("confusion", "weeks")
"""The tabs of which pictures are taken."""


def main() -> None:
    folder, theme = Path(sys.argv[1]).absolute(), sys.argv[2] if len(sys.argv) > 2 else "light"
    folder.mkdir(parents=True, exist_ok=True)
    application(theme)
    with tempfile.TemporaryDirectory() as place, Project.open(weeks_project(Path(place)), ManualClock()) as project:
        window = agreement_window(project, "steps", annotators=("gold", "A02"))
        window.show()
        while window.page is None:
            QTest.qWait(100)
        tabs = window.findChild(QTabWidget)
        assert isinstance(tabs, QTabWidget)
        for at in range(tabs.count()):
            if (name := tabs.tabText(at).casefold()) in TAKEN:
                tabs.setCurrentIndex(at)
                QTest.qWait(600)
                window.grab().save(str(folder / f"agreement-{name}{'-dark' if theme == 'dark' else ''}.png"))
        window.close()


if __name__ == "__main__":
    main()
