"""Opens the window of questions on a project, for somebody who judges."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings, QTimer

from storage import Project
from storage.backends import guard
from ui.application.application import application
from ui.application.background import waited
from ui.questions.desk import Desk
from ui.questions.window import QuestionsWindow
from ui.widgets.who import annotator_of
from woz.base.clock import SystemClock
from woz.model.ids import SessionId
from woz.model.review import ReviewTask

SHOT_AFTER_MS = 2_000


def run_review(path: Path, annotator: str, task: str, session: str, theme: str, shot: Path | None) -> int:
    """Judge until the window is closed; `annotator` is a pseudonym, asked for where it is empty.

    Raises WozError where project, annotator or session isn't there.
    """
    app = application(theme)
    settings = QSettings("woz", "woz")
    with guard.armed(), waited(lambda: Project.open(path, SystemClock())) as project:
        person = annotator_of(project, annotator, settings)
        if person is None:
            return 0
        if session:
            waited(lambda: project.sessions.get(SessionId(session)))
        sessions = [(each.id, each.title) for each in waited(project.sessions.all)]
        desk = Desk(project, person, settings)
        try:
            window = QuestionsWindow(desk, sessions)
            window.choose_session(session)
            window.begin(ReviewTask(task))
            window.show()
            if shot:
                QTimer.singleShot(SHOT_AFTER_MS, window, lambda: (window.grab().save(str(shot)), window.close()))
            return int(app.exec())
        finally:
            desk.close()
