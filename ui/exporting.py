"""Gathers a session from the project's database and exports it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from storage import Project
from woz.consent import demand
from woz.dataset.bundle import SessionBundle
from woz.dataset.export import FORMATS, export_session
from woz.recording.folder import SessionFolder
from woz.session import ConsentKind, Question, Segment, SessionId, Tier, Turn


def export_bundle(project: Project, session_id: SessionId) -> SessionBundle:
    """The newest transcript counts. Raises WozError for a session that the project hasn't."""
    session = project.sessions.get(session_id)
    items = project.annotations.load(session_id)
    transcripts = project.transcripts.of_session(session_id)
    transcript = transcripts[-1] if transcripts else None
    turns = (i for i in items if isinstance(i, Turn) and transcript and i.transcript_id == transcript.id)
    return SessionBundle(
        session,
        SessionFolder(project.session_dir(session_id)).ego,
        tuple(project.participants.get(person) for person in session.participants),
        transcript,
        tuple(sorted(turns, key=lambda turn: turn.interval)),
        tuple(item for item in items if isinstance(item, Tier)),
        tuple(item for item in items if isinstance(item, Segment)),
        {codebook.id: codebook for codebook in project.codebooks.all()},
        tuple(sorted((item for item in items if isinstance(item, Question)), key=lambda q: q.clip)),
    )


def export_all(
    project: Project,
    session_id: SessionId,
    folder: Path,
    names: Sequence[str] = tuple(FORMATS),
    overwrite: bool = False,
) -> list[Path]:
    """Raises WozError as `export_session` does, and where a participant has not agreed to public release."""
    bundle = export_bundle(project, session_id)
    demand(bundle.participants, ConsentKind.RELEASE, "exported")
    return export_session(bundle, folder, names, overwrite)
