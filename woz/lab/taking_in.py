"""Takes a closed session's folder into the project's database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from woz.annotation.edits import Edit
from woz.annotation.states import conversation_states
from woz.annotation.steps import steps_from_marks
from woz.base.clock import Clock
from woz.dataset.pseudonyms import PROGRAM
from woz.dataset.questions import propose
from woz.lab.ports import Project
from woz.model.annotation import Segment, Tier, TierKind
from woz.model.codebook import STATES, steps_codebook
from woz.model.ids import CodebookId, SessionId, StreamId, TierId, TranscriptId, new_id
from woz.model.origin import Origin
from woz.model.procedure import Procedure
from woz.model.stream import Stream
from woz.model.transcript import Transcript, Turn
from woz.recording.folder.journal import read_journal
from woz.recording.folder.manifest import Manifest
from woz.recording.folder.session_folder import SessionFolder


def take_in(project: Project, manifest: Manifest) -> None:
    """Streams, events, and the steps as they were marked live. Taking in again replaces streams and events."""
    session_id = manifest.session_id
    session = project.sessions.get(session_id)
    project.sessions.save(replace(session, state=manifest.state, duration_ns=manifest.duration_ns))
    project.streams.replace(session_id, _streams(manifest))
    events = read_journal(SessionFolder(project.session_dir(session_id)).events)
    project.events.replace(session_id, events)
    project.codebooks.save(STATES)
    known = {item.kind for item in project.annotations.load(session_id) if isinstance(item, Tier)}
    if session.procedure_id and TierKind.STEPS not in known:
        codebook = steps_codebook(project.procedures.get(session.procedure_id))
        project.codebooks.save(codebook)
        tier = _tier(session_id, TierKind.STEPS, "Steps", codebook.id, Origin.LIVE)
        segments = steps_from_marks(events, manifest.duration_ns or 0, tier.id)
        project.annotations.record(session_id, Edit("Take in the live marks", (), (tier, *segments)), PROGRAM)


def take_in_turns(project: Project, transcript: Transcript, turns: Sequence[Turn]) -> None:
    """A transcript, the conversation states that follow from it, and the questions it suggests."""
    session_id = transcript.session_id
    duration_ns = project.sessions.get(session_id).duration_ns or 0
    project.transcripts.add(transcript, turns)
    items = project.annotations.load(session_id)
    project.codebooks.save(STATES)
    tier = _tier(session_id, TierKind.STATES, "Conversation", STATES.id, Origin.DERIVED)
    states = conversation_states(turns, duration_ns, tier.id)
    step_tiers = {item.id for item in items if isinstance(item, Tier) and item.kind == TierKind.STEPS}
    steps = [item for item in items if isinstance(item, Segment) and item.tier_id in step_tiers]
    questions = propose(session_id, turns, steps, duration_ns)
    known = {str(item.id) for item in items}
    new = tuple(question for question in questions if str(question.id) not in known)
    edit = Edit("Derive states and questions", (), (tier, *states, *new))
    project.annotations.record(session_id, edit, PROGRAM)


def transcript_of(session_id: SessionId, origin: Origin, made_by: str, clock: Clock, language: str) -> Transcript:
    return Transcript(TranscriptId(new_id()), session_id, origin, language, made_by, clock.utc_ns())


def save_procedure(project: Project, procedure: Procedure) -> None:
    """Keep a procedure and its codebook of steps."""
    project.procedures.save(procedure)
    project.codebooks.save(steps_codebook(procedure))


def _tier(session_id: SessionId, kind: TierKind, name: str, codebook: str, origin: Origin) -> Tier:
    return Tier(TierId(new_id()), session_id, kind, name, CodebookId(codebook), PROGRAM, origin)


def _streams(manifest: Manifest) -> list[Stream]:
    return [
        Stream(
            StreamId(new_id()),
            manifest.session_id,
            entry.kind,
            entry.path,
            entry.track,
            entry.interval,
            entry.clock_map,
            entry.sha256,
        )
        for entry in manifest.streams
    ]
