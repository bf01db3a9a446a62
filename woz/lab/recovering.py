"""Finishes the sessions of a project that a crash left open, or without the expert's own recording.

Those that were closed while the database was away are taken in.
"""

from __future__ import annotations

from collections.abc import Callable, Container

from woz.base.errors import WozError
from woz.importing.left_behind import left_behind
from woz.lab.ports import Project
from woz.lab.taking_in import take_in
from woz.model.ids import SessionId
from woz.model.session import Session, SessionState
from woz.recording.check.recovery import left_open, left_without_voice, recover, states_in
from woz.recording.folder.session_folder import SessionFolder

Progress = Callable[[int, str], None]
"""Called with how much is done, in percent, and what comes now."""


def recover_project(project: Project, tell: Progress = lambda percent, what: None) -> list[str]:
    """One line a session that was recovered, or could not be."""
    known = project.sessions.titles()
    unfinished = {*left_open(project.sessions_dir), *left_without_voice(project.sessions_dir)}
    unfinished.update(_untold(project, known))
    unfinished.update(session.id for session in project.sessions.unfinished())
    done = []
    for number, session_id in enumerate(sorted(unfinished)):
        tell(number * 100 // len(unfinished), f"{session_id}, session {number + 1} of {len(unfinished)}")
        done.append(_recover(project, session_id))
    return done


def _untold(project: Project, known: Container[SessionId]) -> list[SessionId]:
    """Sessions in the project's own folder of which it doesn't know; another place may hold those of others.

    What a killed import left is for the same import, which knows whose it is and under which licence.
    """
    sessions = project.sessions_dir
    if not sessions.is_relative_to(project.path):
        return []
    imported = {folder.path.name for folder in left_behind(sessions, known)}
    return [each for each in states_in(sessions) if each not in known and each not in imported]


def _recover(project: Project, session_id: SessionId) -> str:
    try:
        manifest = recover(SessionFolder.open(project.session_dir(session_id)))
        if session_id not in project.sessions.titles():
            title = manifest.procedure or session_id
            project.sessions.save(Session(session_id, title, SessionState.RECORDING, manifest.start_utc_ns))
        take_in(project, manifest)
    except WozError as error:
        return f"{session_id}: {error}"
    return f"{session_id}: {manifest.state}, {(manifest.duration_ns or 0) / 1e9:.1f} s"
