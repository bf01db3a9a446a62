"""Takes a closed session's folder into the project's database."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Sequence
from dataclasses import replace

from woz.annotation.edits import Edit
from woz.annotation.live_events import live_items, taken_in
from woz.annotation.live_scheme import KEPT_OUT, LIVE
from woz.annotation.steps import steps_from_marks
from woz.base.clock import Clock, SystemClock
from woz.base.errors import WozError
from woz.lab.deriving import derive
from woz.lab.ports import Project
from woz.model.ids import SessionId, StreamId, TierId, TranscriptId, new_id
from woz.model.made import PROGRAM, Made
from woz.model.origin import Origin
from woz.model.own_schemes import STEPS, steps_scheme
from woz.model.procedure import Procedure
from woz.model.scheme import Scheme
from woz.model.session import Session
from woz.model.stream import Stream
from woz.model.tier import Tier
from woz.model.transcript import Transcript, Turn
from woz.recording.folder.journal import read_journal
from woz.recording.folder.manifest import Manifest
from woz.recording.folder.session_folder import SessionFolder


def take_in(project: Project, manifest: Manifest) -> None:
    """Streams, events, all that was marked live as annotations, and a draft of the steps from it.

    Taking in again replaces streams and events, and brings the annotations of live events in step with them, but
    for what a person did. That the session is closed is kept last: before that, `woz recover` takes it in again.
    """
    session_id = manifest.session_id
    session = _as_told(project, manifest)
    project.streams.replace(session_id, _streams(manifest))
    events = read_journal(SessionFolder(project.session_dir(session_id)).events)
    project.events.replace(session_id, events)
    items = project.whole().annotations.load(session_id)
    known = {item.tier_type for item in items if isinstance(item, Tier)}
    if session.procedure_id and STEPS not in known:
        scheme = project.schemes.keep(steps_scheme(project.procedures.get(session.procedure_id)))
        made = Made(Origin.LIVE, PROGRAM, SystemClock().utc_ns())
        tier = _tier(session_id, scheme, "Steps", made)
        steps = steps_from_marks(events, manifest.duration_ns or 0, tier.id, made)
        project.annotations.record(session_id, Edit("Take in the live marks", (), (tier, *steps)), PROGRAM)
    project.schemes.keep(LIVE)
    project.schemes.keep(KEPT_OUT)
    live = taken_in(live_items(session, events), items, project.annotations.taken_away(session_id))
    if live:
        project.annotations.record(session_id, live, PROGRAM)
    project.sessions.save(_as_told(project, manifest))


def _as_told(project: Project, manifest: Manifest) -> Session:
    """The session as the project knows it, with the state and the length that its manifest tells."""
    known = project.sessions.get(manifest.session_id)
    return replace(known, state=manifest.state, duration_ns=manifest.duration_ns)


def take_back(project: Project, session_id: SessionId) -> None:
    """Delete the folder of a session whose rows were not kept. Where the database can't be asked it stays, and
    importing again uses it."""
    with contextlib.suppress(WozError):
        if all(session.id != session_id for session in project.sessions.all()):
            shutil.rmtree(project.session_dir(session_id), ignore_errors=True)


def take_in_turns(project: Project, transcript: Transcript, turns: Sequence[Turn]) -> None:
    """A transcript, the conversation states that follow from it, and the questions it suggests."""
    project.transcripts.add(transcript, turns)
    derive(project, transcript.session_id)


def transcript_of(session_id: SessionId, origin: Origin, made_by: str, clock: Clock, language: str) -> Transcript:
    return Transcript(TranscriptId(new_id()), session_id, origin, language, made_by, clock.utc_ns())


def save_procedure(project: Project, procedure: Procedure) -> None:
    """Keep a procedure and the scheme of its steps."""
    project.procedures.save(procedure)
    project.schemes.keep(steps_scheme(procedure))


def _tier(session_id: SessionId, scheme: Scheme, name: str, made: Made) -> Tier:
    """A machine's, of the scheme's first tier type."""
    return Tier(TierId(new_id()), session_id, scheme.id, scheme.version, scheme.tier_types[0].key, name, made)


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
            entry.view,
        )
        for entry in manifest.streams
    ]
