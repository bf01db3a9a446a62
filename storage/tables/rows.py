"""Between woz's values and rows of the database."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from storage.tables.models import (
    ConsentRow,
    EventRow,
    JobRow,
    LanguageRow,
    ParticipantRow,
    PrerequisiteRow,
    ProcedureRow,
    ProtocolRow,
    SessionParticipantRow,
    SessionRow,
    StepRow,
    StreamRow,
    TranscriptRow,
)
from woz.base.interval import Interval
from woz.model.events import Event, EventKind
from woz.model.ids import (
    JobId,
    ParticipantId,
    ProcedureId,
    SessionId,
    StepId,
    StreamId,
    TranscriptId,
)
from woz.model.job import Job, JobState
from woz.model.origin import Origin
from woz.model.people import Attendance, Consent, ConsentKind, Experience, Participant, Role
from woz.model.procedure import Procedure, Step
from woz.model.protocol import Protocol, ProtocolKind
from woz.model.session import DataSetSource, Session, SessionState, Take
from woz.model.stream import Stream, StreamKind
from woz.model.transcript import Transcript


def participant_row(person: Participant) -> ParticipantRow:
    consents = [ConsentRow(participant_id=person.id, place=i, **asdict(c)) for i, c in enumerate(person.consents)]
    languages = [LanguageRow(participant_id=person.id, place=i, tag=tag) for i, tag in enumerate(person.languages)]
    return ParticipantRow(
        id=person.id,
        pseudonym=person.pseudonym,
        role=person.role,
        withdrawn=person.withdrawn,
        consents=consents,
        languages=languages,
    )


def participant_value(row: ParticipantRow) -> Participant:
    return Participant(
        ParticipantId(row.id),
        row.pseudonym,
        Role(row.role),
        tuple(Consent(ConsentKind(c.kind), c.version, c.given_utc_ns, c.until_utc_ns) for c in row.consents),
        row.withdrawn,
        tuple(language.tag for language in row.languages),
    )


def session_row(session: Session) -> SessionRow:
    facts = {attendance.participant_id: asdict(attendance) for attendance in session.attendance}
    people = [
        SessionParticipantRow(session_id=session.id, place=i, **facts.get(p, {"participant_id": p}))
        for i, p in enumerate(session.participants)
    ]
    protocol = ProtocolRow(session_id=session.id, **asdict(session.protocol)) if session.protocol else None
    return SessionRow(
        id=session.id,
        title=session.title,
        state=session.state,
        start_utc_ns=session.start_utc_ns,
        duration_ns=session.duration_ns,
        procedure_id=session.procedure_id,
        participants=people,
        scenario=session.scenario,
        protocol=protocol,
        source=session.provenance.source if session.provenance else "",
        licence=session.provenance.licence if session.provenance else "",
        place=session.place,
        takes=json.dumps([asdict(take) for take in session.takes]),
    )


def session_value(row: SessionRow) -> Session:
    return session_of(row, row.participants, row.protocol)


def session_of(row: Any, participants: Sequence[Any], protocol: Any) -> Session:
    """Of rows as the tables' own or as their columns; participants by place, the protocol or None."""
    return Session(
        SessionId(row.id),
        row.title,
        SessionState(row.state),
        row.start_utc_ns,
        row.duration_ns,
        ProcedureId(row.procedure_id) if row.procedure_id else None,
        tuple(ParticipantId(p.participant_id) for p in participants),
        row.scenario,
        _protocol_value(protocol) if protocol else None,
        tuple(_attendance_value(p, Role(p.role)) for p in participants if p.role),
        DataSetSource(row.source, row.licence) if row.source else None,
        row.place,
        tuple(_take_value(**take) for take in json.loads(row.takes)),
    )


def _take_value(name: str, interval: dict[str, int], task: str = "", best_exo: str = "") -> Take:
    return Take(name, Interval(**interval), task, best_exo)


def _protocol_value(row: ProtocolRow) -> Protocol:
    kind = ProtocolKind(row.kind)
    return Protocol(row.name, row.text, row.version, kind, row.gaze_shown, row.pointing_allowed, row.cue_delay_ms)


def _attendance_value(row: SessionParticipantRow, role: Role) -> Attendance:
    experience = Experience(row.experience) if row.experience else None
    return Attendance(ParticipantId(row.participant_id), role, experience, row.times, row.skill)


def procedure_row(procedure: Procedure) -> ProcedureRow:
    steps = [
        StepRow(
            procedure_id=procedure.id,
            id=step.id,
            place=i,
            name=step.name,
            position=step.position,
            parent_id=step.parent_id,
            description=step.description,
            tools=_list(step.tools),
            optional=step.optional,
            repeatable=step.repeatable,
            global_id=step.global_id,
            prerequisites=_prerequisite_rows(procedure.id, step),
        )
        for i, step in enumerate(procedure.steps)
    ]
    tools = _list(procedure.tools)
    return ProcedureRow(
        id=procedure.id, name=procedure.name, steps=steps, description=procedure.description, tools=tools
    )


def _list(words: tuple[str, ...]) -> str:
    return json.dumps(words, ensure_ascii=False)


def _prerequisite_rows(procedure_id: ProcedureId, step: Step) -> list[PrerequisiteRow]:
    return [
        PrerequisiteRow(procedure_id=procedure_id, step_id=step.id, before_id=before, place=i)
        for i, before in enumerate(step.prerequisites)
    ]


def procedure_value(row: ProcedureRow) -> Procedure:
    steps = tuple(
        Step(
            StepId(step.id),
            step.name,
            step.position,
            StepId(step.parent_id) if step.parent_id else None,
            tuple(StepId(p.before_id) for p in step.prerequisites),
            step.description,
            tuple(json.loads(step.tools)),
            step.optional,
            step.repeatable,
            step.global_id,
        )
        for step in row.steps
    )
    return Procedure(ProcedureId(row.id), row.name, steps, row.description, tuple(json.loads(row.tools)))


def stream_row(stream: Stream) -> StreamRow:
    return StreamRow(
        id=stream.id,
        session_id=stream.session_id,
        kind=stream.kind,
        path=stream.path,
        track=stream.track,
        interval=stream.interval,
        clock_map=stream.clock_map,
        sha256=stream.sha256,
        view=stream.view,
    )


def stream_value(row: StreamRow) -> Stream:
    return Stream(
        StreamId(row.id),
        SessionId(row.session_id),
        StreamKind(row.kind),
        row.path,
        row.track,
        row.interval,
        row.clock_map,
        row.sha256,
        row.view,
    )


def event_row(session_id: SessionId, event: Event) -> EventRow:
    data = json.dumps(dict(event.data), ensure_ascii=False)
    return EventRow(session_id=session_id, t_ns=event.t_ns, kind=event.kind, by=event.by, data=data)


def event_value(row: EventRow) -> Event:
    return Event(row.t_ns, EventKind(row.kind), row.by, json.loads(row.data))


def job_value(row: JobRow) -> Job:
    session_id, state = SessionId(row.session_id), JobState(row.state)
    return Job(JobId(row.id), session_id, row.kind, state, row.message, row.made_utc_ns, row.ended_utc_ns)


def transcript_value(row: TranscriptRow) -> Transcript:
    session_id, origin = SessionId(row.session_id), Origin(row.origin)
    return Transcript(
        TranscriptId(row.id), session_id, origin, row.language, row.made_by, row.made_utc_ns, row.note
    )
