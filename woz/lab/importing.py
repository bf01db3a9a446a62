"""Imports what was made elsewhere: turns, and the console's own recording of the expert."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from woz.base.clock import Clock, SystemClock
from woz.dataset.turn_bounds import within_session
from woz.formats.turns import turns_in
from woz.lab.ports import Project
from woz.lab.taking_in import take_in, take_in_turns, transcript_of
from woz.model.ids import SessionId, TranscriptId, new_session_id
from woz.model.origin import Origin
from woz.model.session import Session, SessionState
from woz.model.transcript import Turn
from woz.recording.expert_voice.by_file import bring_voice, session_of
from woz.recording.folder.session_folder import SessionFolder


@dataclass(frozen=True, slots=True)
class ImportedTurns:
    """How many there are, and how many of them were cut, since they ended after the session."""

    turns: int
    cut: int


@dataclass(frozen=True, slots=True)
class TurnFile:
    """A file with turns: `format` by its name in the registry, `key` the file's name for one of its sessions."""

    path: Path
    format: str
    key: str = ""

    def turns(self, transcript: TranscriptId) -> list[Turn]:
        """Raises WozError for a file without turns, or of another format."""
        return turns_in(self.path, self.format, transcript, self.key)


def import_turns(project: Project, session_id: SessionId, file: TurnFile, origin: str) -> ImportedTurns:
    """Turns of a file as a new transcript of a session.

    Raises WozError for a file without turns, of another format, or with turns that begin after the session's end.
    """
    transcript = transcript_of(session_id, Origin(origin), f"import of {file.path.name}", SystemClock(), "")
    turns = file.turns(transcript.id)
    kept, cut = within_session(turns, project.sessions.get(session_id).duration_ns)
    take_in_turns(project, transcript, kept)
    return ImportedTurns(len(kept), cut)


def demand_turns(file: TurnFile) -> int:
    """When the last turn of a file ends (ns). Raises WozError for a file without turns, or of another format."""
    return max(turn.interval.end_ns for turn in file.turns(TranscriptId("")))


def import_turns_alone(project: Project, file: TurnFile, origin: str, clock: Clock) -> ImportedTurns:
    """The same into a session of its own, without recordings, that ends with the last turn."""
    session_id = new_session_id(clock.utc_ns())
    end_ns = demand_turns(file)
    project.sessions.save(Session(session_id, file.path.stem, SessionState.CLOSED, clock.utc_ns(), end_ns))
    return import_turns(project, session_id, file, origin)


def import_voice(project: Project, path: Path, session: str | None) -> dict[str, object]:
    """The console's recording of a session, by file; the answer says which session, and how it compares.

    Raises WozError, with nothing changed, where it doesn't fit.
    """
    session_id = project.sessions.get(SessionId(session) if session else session_of(path)).id
    manifest = bring_voice(SessionFolder.open(project.session_dir(session_id)), path)
    take_in(project, manifest)
    return {"session_id": session_id, "comparison": asdict(manifest.comparison) if manifest.comparison else None}
