"""Opens the window of assignments on a project."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings, QTimer

from storage import Project
from ui.application.background import waited
from ui.application.children import Children
from ui.application.projects import project_application
from ui.assignments.desk import WorkDesk
from ui.assignments.window import AssignmentsWindow
from ui.widgets.own_project import set_project
from ui.widgets.who import annotator_of
from woz.base.clock import SystemClock

SHOT_AFTER_MS = 1500


def run_assignments(path: Path, annotator: str, theme: str, shot: Path | None) -> int:
    """`annotator` is a pseudonym, asked for where it is empty. With `shot`, save a picture of it and close it."""
    with project_application(theme) as app, waited(lambda: Project.open(path, SystemClock())) as project:
        person = annotator_of(project, annotator, QSettings("woz", "woz"))
        if person is None:
            return 0
        children, who = Children(), person.pseudonym
        window = AssignmentsWindow(WorkDesk(project, person, SystemClock()))
        set_project(window, project.path)
        window.opened.connect(
            lambda session: children.start("annotate", str(path), "--session", session, "--annotator", who)
        )
        window.show()
        if shot:
            QTimer.singleShot(SHOT_AFTER_MS, window, lambda: (window.grab().save(str(shot)), window.close()))
        return int(app.exec())
