"""Opens the editor on a session of a project."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSettings, QThreadPool, QTimer
from PySide6.QtWidgets import QWidget

from storage import Project
from ui.application.application import application
from ui.editor.annotator import annotator_of
from ui.editor.history_dialog import HistoryLine
from ui.editor.new_tier import SchemeSource
from ui.editor.sharing import Sharing
from ui.editor.subject import Subject
from ui.editor.window import EditorWindow
from woz.annotation.document import Document
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.lab.histories import changes_of, names_of, session_history, start_of
from woz.model.ids import AnnotatorId, SessionId
from woz.model.made import PROGRAM

SHOT_AFTER_MS = 1500


def editor_window(
    project: Project,
    session_id: SessionId,
    by: str,
    sharing: Sharing | None = None,
    settings: QSettings | None = None,
) -> EditorWindow:
    """`by` is an annotator's id. With `sharing`, edits are stored beside the window; else at once. With `settings`,
    what a person likes is remembered.

    Raises WozError for a session that isn't there, or whose video can't be read.
    """
    session = project.sessions.get(session_id)
    opened, executor, tell = project.annotations.open(session_id, by), None, None
    if sharing:
        executor, tell = sharing.executor, sharing.tell
    document = Document(session_id, opened, project.annotations, by, executor, tell)
    media = project.session_dir(session_id) / "ego.mkv"
    transcripts = project.transcripts.of_session(session_id)
    history = partial(history_lines, project, session_id)
    known = any(person.id == by for person in project.annotators.all())
    schemes = SchemeSource(project.schemes.keep, AnnotatorId(by) if known else None)
    subject = Subject(session, media, transcripts, project.transcripts.originals, history, schemes)
    return EditorWindow(subject, document, settings)


def history_lines(project: Project, session_id: SessionId, item_id: str) -> list[HistoryLine]:
    """What became of an item, as it is listed. Raises WozError where nobody ever changed it."""
    names = names_of(project)
    return [
        HistoryLine(
            entry.edit.id,
            entry.edit.made_utc_ns,
            entry.who,
            entry.edit.name,
            tuple(str(change) for change in changes_of(entry.edit, item_id, names)),
            entry.edit.why,
            entry.undone,
            start_of(entry.edit, item_id),
        )
        for entry in session_history(project, session_id, item_id)
    ]


def run_editor(path: Path, session_id: str | None, annotator: str, theme: str, shot: Path | None) -> int:
    """Edit a session, the newest by default; `annotator` is a pseudonym, asked for where it is empty.

    With `shot`, nobody is asked: save a picture of the window and close it.
    """
    with Project.open(path, SystemClock()) as project:
        sessions = project.sessions.all()
        if not sessions:
            raise WozError("This project has no session yet; record one with woz station.")
        app = application(theme)
        by = PROGRAM
        if annotator or not shot:
            person = annotator_of(project, annotator, QSettings("woz", "woz"))
            if person is None:
                return 0
            by = person.id
        with shared_editor(project, SessionId(session_id) if session_id else sessions[0].id, by) as window:
            window.show()
            if shot:
                QTimer.singleShot(SHOT_AFTER_MS, window, lambda: _shoot(window, shot))
            return int(app.exec())


@contextlib.contextmanager
def shared_editor(project: Project, session_id: SessionId, by: str) -> Iterator[EditorWindow]:
    """An editor that stores beside its window and shows what others do; at the end all is stored."""
    sharing = Sharing()
    try:
        window = editor_window(project, session_id, by, sharing, QSettings("woz", "woz"))
        sharing.told.connect(window.tell)
        sharing.settled.connect(window.show_saved)
        end_following = sharing.follow(project, window.document)
        try:
            yield window
        finally:
            end_following()
    finally:
        sharing.executor.close()


def _shoot(window: QWidget, target: Path) -> None:
    QThreadPool.globalInstance().waitForDone()
    window.grab().save(str(target))
    window.close()
