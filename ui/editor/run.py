"""Opens the editor on a session of a project."""

from __future__ import annotations

import getpass
from pathlib import Path

from PySide6.QtCore import QThreadPool, QTimer
from PySide6.QtWidgets import QWidget

from storage import Project
from ui.application.application import application
from ui.editor.window import EditorWindow, Subject
from woz.annotation.document import Document
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.model.ids import SessionId

SHOT_AFTER_MS = 1500


def editor_window(project: Project, session_id: SessionId, annotator: str) -> EditorWindow:
    """Raises WozError for a session that isn't there, or whose video can't be read."""
    session = project.sessions.get(session_id)
    by = project.annotators.of_account(annotator or getpass.getuser()).id
    document = Document(session_id, project.annotations.open(session_id, by), project.annotations, by)
    media = project.session_dir(session_id) / "ego.mkv"
    transcripts = project.transcripts.of_session(session_id)
    return EditorWindow(Subject(session, media, transcripts, project.transcripts.originals), document)


def run_editor(path: Path, session_id: str | None, annotator: str, theme: str, shot: Path | None) -> int:
    """Edit a session, the newest by default; with `shot`, save a picture of the window and close it."""
    with Project.open(path, SystemClock()) as project:
        sessions = project.sessions.all()
        if not sessions:
            raise WozError("This project has no session yet; record one with woz station.")
        app = application(theme)
        window = editor_window(project, SessionId(session_id) if session_id else sessions[0].id, annotator)
        window.show()
        if shot:
            QTimer.singleShot(SHOT_AFTER_MS, window, lambda: _shoot(window, shot))
        return int(app.exec())


def _shoot(window: QWidget, target: Path) -> None:
    QThreadPool.globalInstance().waitForDone()
    window.grab().save(str(target))
    window.close()
