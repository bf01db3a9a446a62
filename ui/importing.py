"""Imports what was made elsewhere: turns, and the console's own recording of the expert."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from storage import Project
from ui.ingest import take_in, take_in_turns, transcript_of
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.dataset.webvtt_reader import read_turns
from woz.model.ids import SessionId
from woz.model.origin import Origin
from woz.recording.folder import SessionFolder
from woz.recording.voice_by_file import bring_voice, session_of


def import_turns(project: Project, session_id: SessionId, path: Path, origin: str) -> int:
    """Turns of a WebVTT file as a new transcript of a session; the answer is how many.

    Raises WozError for a file without turns, or that is no WebVTT.
    """
    transcript = transcript_of(session_id, Origin(origin), f"import of {path.name}", SystemClock(), "")
    turns = read_turns(path, transcript.id)
    if not turns:
        raise WozError(f"{path} holds no turns; nothing was imported.")
    take_in_turns(project, transcript, turns)
    return len(turns)


def import_voice(project: Project, path: Path, session: str | None) -> dict[str, object]:
    """The console's recording of a session, by file; the answer says which session, and how it compares.

    Raises WozError, with nothing changed, where it doesn't fit.
    """
    session_id = project.sessions.get(SessionId(session) if session else session_of(path)).id
    manifest = bring_voice(SessionFolder.open(project.session_dir(session_id)), path)
    take_in(project, manifest)
    return {"session_id": session_id, "comparison": asdict(manifest.comparison) if manifest.comparison else None}
