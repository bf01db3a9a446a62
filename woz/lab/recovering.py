"""Finishes the sessions of a project that a crash left open, or without the expert's own recording.

Those that were closed while the database was away are taken in.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from pathlib import Path

from woz.base.errors import WozError
from woz.importing.left_behind import left_behind
from woz.lab.ports import Project
from woz.lab.taking_in import take_in
from woz.model.ids import SessionId
from woz.model.session import Session, SessionState
from woz.recording.check.recovery import left_open, left_without_voice, recover, states_in
from woz.recording.folder.session_folder import SessionFolder
from woz.recording.folder.staging import coming

Progress = Callable[[int, str], None]
"""Called with how much is done, in percent, and what comes now."""


def recover_project(project: Project, tell: Progress = lambda percent, what: None) -> list[str]:
    """One line a session that was recovered, or could not be.

    What a killed import left is for the same import, which knows whose it is and under which licence.
    """
    known = project.sessions.titles()
    unfinished = {*left_open(project.sessions_dir), *left_without_voice(project.sessions_dir)}
    unfinished.update(_untold(project, known))
    unfinished -= _imported(project.sessions_dir, known)
    unfinished.update(session.id for session in project.sessions.unfinished())
    done = []
    for number, session_id in enumerate(sorted(unfinished)):
        tell(number * 100 // len(unfinished), f"{session_id}, session {number + 1} of {len(unfinished)}")
        done.append(_recover(project, session_id))
    return done


def recover_session(project: Project, session_id: SessionId) -> str:
    """One line on a session, also on one that was closed and of which the project doesn't know: whoever names it
    says that it is the project's, wherever the recordings lie.

    Raises WozError where there is no such session, where an import left it, and where it can't be recovered.
    """
    sessions = project.sessions_dir
    named = Path(session_id).name == session_id and not session_id.startswith(".")
    if not named or not project.session_dir(session_id).is_dir():
        raise WozError(f"There is no session {session_id} in {sessions}; see its id in the name of its folder.")
    known = project.sessions.titles()
    if session_id in _imported(sessions, known):
        raise WozError(f"{session_id} is what an import left that was ended; import it again, which uses it.")
    return _taken_in(project, session_id)


def _untold(project: Project, known: Container[SessionId]) -> list[SessionId]:
    """Sessions in the project's own folder of which it doesn't know; another place may hold those of others."""
    sessions = project.sessions_dir
    if not sessions.is_relative_to(project.path):
        return []
    return [each for each in states_in(sessions) if each not in known]


def _imported(sessions: Path, known: Container[SessionId]) -> set[SessionId]:
    """What an import, also of another project's session, left that was ended before the project knew of it."""
    left = {folder.path.name for folder in left_behind(sessions, known)} | coming(sessions)
    return {SessionId(name) for name in left if name not in known}


def _recover(project: Project, session_id: SessionId) -> str:
    try:
        return _taken_in(project, session_id)
    except WozError as error:
        return f"{session_id}: {error}"


def _taken_in(project: Project, session_id: SessionId) -> str:
    manifest = recover(SessionFolder(project.session_dir(session_id)))
    if session_id not in project.sessions.titles():
        title = manifest.procedure or session_id
        project.sessions.save(Session(session_id, title, SessionState.RECORDING, manifest.start_utc_ns))
    take_in(project, manifest)
    return f"{session_id}: {manifest.state}, {(manifest.duration_ns or 0) / 1e9:.1f} s"
