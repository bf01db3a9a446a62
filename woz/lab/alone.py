"""Sessions without a video, of what was recorded beside one: for a project that has no session yet."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.importing.screen_gaze import GazeFile, GazeImported, time_span
from woz.lab.importing import import_voice
from woz.lab.ports import Project
from woz.lab.views import import_expert_gaze
from woz.model.ids import SessionId, new_session_id
from woz.model.session import Session, SessionState
from woz.recording.expert_voice.by_file import extent_ns, session_of
from woz.recording.folder.session_folder import SessionFolder


def import_gaze_alone(project: Project, file: GazeFile, clock: Clock) -> tuple[SessionId, GazeImported]:
    """The expert's gaze into a session of its own, which ends with its last sample.

    With an offset the session begins now; without one the times are UTC, and it begins with the first sample.
    Raises WozError, and leaves the folder to whoever made the project, where the file can't be read.
    """
    first_ns, last_ns = time_span(file)
    start_ns = first_ns if file.offset_ns is None else clock.utc_ns()
    length_ns = last_ns - first_ns + (file.offset_ns or 0) + 1
    if length_ns <= 0:
        raise WozError(f"By this offset {file.path.name} would end before the session begins; correct --offset.")
    session_id = new_session_id(start_ns)
    _begin(project, session_id, file.path, start_ns, length_ns)
    return session_id, import_expert_gaze(project, session_id, file)


def import_voice_alone(project: Project, path: Path, session: str | None, clock: Clock) -> dict[str, object]:
    """The console's own recording into a session of its own, under the id that the recording says.

    Raises WozError where another session is asked for, or what `bring_voice` refuses.
    """
    session_id = session_of(path)
    if session and session != session_id:
        raise WozError(f"{path} belongs to session {session_id}, not to {session}; leave out --session.")
    _begin(project, session_id, path, clock.utc_ns(), max(NS_PER_S, extent_ns(path)))
    return import_voice(project, path, session_id)


def _begin(project: Project, session_id: SessionId, of: Path, start_utc_ns: int, duration_ns: int) -> None:
    """A closed session, and its folder, that hold nothing yet."""
    project.sessions.save(Session(session_id, of.stem, SessionState.CLOSED, start_utc_ns, duration_ns))
    folder = SessionFolder.create(project.sessions_dir, session_id, start_utc_ns)
    made = replace(folder.manifest(), state=SessionState.CLOSED, duration_ns=duration_ns, made_of=(of.name,))
    made.save(folder.manifest_path)
