"""Takes the pictures of the import of annotations and of the export, in a project with turns and annotators' tiers.

`python docs/formats_pictures.py FOLDER [light|dark]`, from the repository's root, on a display (Xvfb does); those
of the docs are made by `python docs/formats_pictures.py docs/images`.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from desk_pictures import SID
from PySide6.QtWidgets import QApplication, QDialog, QScrollArea
from team_pictures import CLOCK, team

from storage import Project
from ui.application.projects import project_application
from ui.home.annotations_page import Known
from ui.home.export_dialog import ExportDialog
from ui.home.import_dialog import ANNOTATIONS, ImportDialog
from woz.lab.exporting import export_sessions

WITHIN_S = 20.0
FORMATS = ("eaf", "textgrid", "activitynet")


def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + WITHIN_S
    while not true() and time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.01)


def _take(dialog: QDialog, path: Path) -> None:
    shown = time.monotonic() + 0.5
    _until(lambda: time.monotonic() > shown)
    dialog.grab().save(str(path))
    dialog.reject()


def _asked(project: Project, folder: Path) -> tuple[Callable[[], ImportDialog], Path]:
    """What asks for a file, and one that the project wrote; called before there is a window's thread."""
    [file, *_] = export_sessions(project, [SID], folder, ["eaf"]).files
    known = [Known(session.id, session.title) for session in project.sessions.all()]
    schemes = sorted({str(scheme.id) for scheme in project.schemes.all()})
    return lambda: ImportDialog(str(project.path), known, None, schemes=schemes), file


def _import(dialog: ImportDialog, file: Path) -> ImportDialog:
    dialog._tabs.setCurrentIndex(ANNOTATIONS)
    dialog._annotations.show_path(file)
    dialog.show()
    return dialog


def _export(project: Project) -> ExportDialog:
    dialog = ExportDialog(project, [SID], lambda _: None)
    dialog.show()
    for name, box in dialog._chooser.boxes.items():
        box.setChecked(name in FORMATS)
    _until(lambda: dialog._chooser.told.count("⚠") == len(FORMATS))
    listed = dialog._chooser.findChildren(QScrollArea)[0]
    listed.ensureWidgetVisible(dialog._chooser.boxes["activitynet"])
    return dialog


def main() -> None:
    folder, theme = Path(sys.argv[1]).absolute(), sys.argv[2] if len(sys.argv) > 2 else "light"
    folder.mkdir(parents=True, exist_ok=True)
    dark = "-dark" if theme == "dark" else ""
    with tempfile.TemporaryDirectory() as made, Project.open(team(Path(made)), CLOCK) as project:
        ask, file = _asked(project, Path(made))
        with project_application(theme):
            _take(_import(ask(), file), folder / f"import-annotations{dark}.png")
            _take(_export(project), folder / f"export{dark}.png")


if __name__ == "__main__":
    main()
