"""Opens the window of faces on films of a project, for somebody who reviews."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSettings, QTimer

from storage import Project
from ui.application.projects import project_application
from ui.faces.desk import FaceDesk, Film
from ui.faces.window import FacesWindow
from ui.widgets.own_project import set_project
from ui.widgets.who import annotator_of
from woz.base.clock import SystemClock
from woz.lab.blurring import SessionFilm

SHOT_AFTER_MS = 4_000


def run_faces(
    project: Project, films: Sequence[tuple[str, SessionFilm]], annotator: str, theme: str, shot: Path | None
) -> int:
    """Review until the window is closed; `annotator` is a pseudonym, asked for where it is empty.

    `films` with what each is called. Raises WozError where the project knows no such annotator.
    """
    settings = QSettings("woz", "woz")
    with project_application(theme) as app:
        person = annotator_of(project, annotator, settings)
        if person is None:
            return 0
        desk = FaceDesk([Film(title, film) for title, film in films], person.pseudonym, SystemClock())
        window = FacesWindow(desk)
        set_project(window, project.path)
        window.begin()
        window.show()
        if shot:
            QTimer.singleShot(SHOT_AFTER_MS, window, lambda: (window.grab().save(str(shot)), window.close()))
        return int(app.exec())
