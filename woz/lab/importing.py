"""Imports what was made elsewhere: turns, and the console's own recording of the expert."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from woz.base.clock import Clock, SystemClock
from woz.base.errors import WozError
from woz.dataset.turn_bounds import within_session
from woz.formats.transcripts.webvtt import read_turns
from woz.lab.ports import Project
from woz.lab.taking_in import take_in, take_in_turns, transcript_of
from woz.model.ids import SessionId, TranscriptId, new_session_id
from woz.model.origin import Origin
from woz.model.session import Session, SessionState
from woz.recording.expert_voice.by_file import bring_voice, session_of
from woz.recording.folder.session_folder import SessionFolder


@dataclass(frozen=True, slots=True)
class ImportedTurns:
    """How many there are, and how many of them were cut, since they ended after the session."""

    turns: int
    cut: int


def import_turns(project: Project, session_id: SessionId, path: Path, origin: str) -> ImportedTurns:
    """Turns of a WebVTT file as a new transcript of a session.

    Raises WozError for a file without turns, that is no WebVTT, or with turns that begin after the session's end.
    """
    transcript = transcript_of(session_id, Origin(origin), f"import of {path.name}", SystemClock(), "")
    turns = read_turns(path, transcript.id)
    if not turns:
        raise WozError(f"{path} holds no turns; nothing was imported.")
    kept, cut = within_session(turns, project.sessions.get(session_id).duration_ns)
    take_in_turns(project, transcript, kept)
    return ImportedTurns(len(kept), cut)


def demand_turns(path: Path) -> int:
    """When the last turn of a WebVTT file ends (ns). Raises WozError for a file without turns, or that is none."""
    turns = read_turns(path, TranscriptId(""))
    if not turns:
        raise WozError(f"{path} holds no turns; nothing was imported.")
    return max(turn.interval.end_ns for turn in turns)


def import_turns_alone(project: Project, path: Path, origin: str, clock: Clock) -> ImportedTurns:
    """The same into a session of its own, without recordings, that ends with the last turn."""
    session_id = new_session_id(clock.utc_ns())
    end_ns = demand_turns(path)
    project.sessions.save(Session(session_id, path.stem, SessionState.CLOSED, clock.utc_ns(), end_ns))
    return import_turns(project, session_id, path, origin)


def import_voice(project: Project, path: Path, session: str | None) -> dict[str, object]:
    """The console's recording of a session, by file; the answer says which session, and how it compares.

    Raises WozError, with nothing changed, where it doesn't fit.
    """
    session_id = project.sessions.get(SessionId(session) if session else session_of(path)).id
    manifest = bring_voice(SessionFolder.open(project.session_dir(session_id)), path)
    take_in(project, manifest)
    return {"session_id": session_id, "comparison": asdict(manifest.comparison) if manifest.comparison else None}
