"""Imports turns that were made elsewhere."""

from __future__ import annotations

from pathlib import Path

from storage import Project
from ui.ingest import take_in_turns, transcript_of
from woz.clock import SystemClock
from woz.dataset.webvtt_reader import read_turns
from woz.errors import WozError
from woz.session import Origin, SessionId


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
