"""Between woz's values and rows of the database."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from storage.tables.edit_json import from_json, to_json
from storage.tables.models import (
    ChoiceRow,
    CodebookRow,
    ConsentRow,
    EventRow,
    JobRow,
    LabelRow,
    LanguageRow,
    OriginalTurnRow,
    ParticipantRow,
    PrerequisiteRow,
    ProcedureRow,
    ProtocolRow,
    QuestionRow,
    SegmentRow,
    SessionParticipantRow,
    SessionRow,
    StepRow,
    StreamRow,
    TermRow,
    TierRow,
    TranscriptRow,
    TurnRow,
)
from woz.base.interval import Interval
from woz.model.annotation import Segment, Tier, TierKind, TierStatus
from woz.model.codebook import Codebook, Label
from woz.model.events import Event, EventKind
from woz.model.ids import (
    CodebookId,
    JobId,
    ParticipantId,
    ProcedureId,
    QuestionId,
    SegmentId,
    SessionId,
    StepId,
    StreamId,
    TermId,
    TierId,
    TranscriptId,
    TurnId,
)
from woz.model.job import Job, JobState
from woz.model.origin import Origin
from woz.model.people import Attendance, Consent, ConsentKind, Experience, Participant, Role
from woz.model.procedure import Procedure, Step
from woz.model.protocol import Protocol, ProtocolKind
from woz.model.question import Question, ReviewStatus
from woz.model.session import Provenance, Session, SessionState
from woz.model.stream import Stream, StreamKind
from woz.model.transcript import Term, Transcript, Turn, Word


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
        tuple(Consent(ConsentKind(c.kind), c.version, c.given_utc_ns) for c in row.consents),
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
    )


def session_value(row: SessionRow) -> Session:
    return Session(
        SessionId(row.id),
        row.title,
        SessionState(row.state),
        row.start_utc_ns,
        row.duration_ns,
        ProcedureId(row.procedure_id) if row.procedure_id else None,
        tuple(ParticipantId(p.participant_id) for p in row.participants),
        row.scenario,
        _protocol_value(row.protocol) if row.protocol else None,
        tuple(_attendance_value(p, Role(p.role)) for p in row.participants if p.role),
        Provenance(row.source, row.licence) if row.source else None,
    )


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
            prerequisites=_prerequisite_rows(procedure.id, step),
        )
        for i, step in enumerate(procedure.steps)
    ]
    return ProcedureRow(id=procedure.id, name=procedure.name, steps=steps)


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
        )
        for step in row.steps
    )
    return Procedure(ProcedureId(row.id), row.name, steps)


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
    )


def event_row(session_id: SessionId, event: Event) -> EventRow:
    data = json.dumps(dict(event.data), ensure_ascii=False)
    return EventRow(session_id=session_id, t_ns=event.t_ns, kind=event.kind, by=event.by, data=data)


def event_value(row: EventRow) -> Event:
    return Event(row.t_ns, EventKind(row.kind), row.by, json.loads(row.data))


def codebook_row(codebook: Codebook) -> CodebookRow:
    labels = [
        LabelRow(codebook_id=codebook.id, place=i, **asdict(label)) for i, label in enumerate(codebook.labels)
    ]
    return CodebookRow(id=codebook.id, name=codebook.name, kind=codebook.kind, labels=labels)


def codebook_value(row: CodebookRow) -> Codebook:
    labels = tuple(Label(label.key, label.name, label.colour, label.shortcut) for label in row.labels)
    return Codebook(CodebookId(row.id), row.name, TierKind(row.kind), labels)


def job_value(row: JobRow) -> Job:
    session_id, state = SessionId(row.session_id), JobState(row.state)
    return Job(JobId(row.id), session_id, row.kind, state, row.message, row.made_utc_ns, row.ended_utc_ns)


def transcript_value(row: TranscriptRow) -> Transcript:
    session_id, origin = SessionId(row.session_id), Origin(row.origin)
    return Transcript(
        TranscriptId(row.id), session_id, origin, row.language, row.made_by, row.made_utc_ns, row.note
    )


def turn_columns(turn: Turn) -> dict[str, Any]:
    return {
        "id": turn.id,
        "transcript_id": turn.transcript_id,
        "speaker": turn.speaker,
        "start_ns": turn.interval.start_ns,
        "end_ns": turn.interval.end_ns,
        "text": turn.text,
        "said_start_ns": turn.said.start_ns if turn.said else None,
        "said_end_ns": turn.said.end_ns if turn.said else None,
        "confidence": turn.confidence,
        "voice": turn.voice,
        "checked": turn.checked,
        "origins": list(turn.origins),
        "translation": turn.translation,
    }


def word_columns(turn: Turn) -> list[dict[str, Any]]:
    return [
        {
            "turn_id": turn.id,
            "place": i,
            "text": word.text,
            "start_ns": word.interval.start_ns,
            "end_ns": word.interval.end_ns,
            "confidence": word.confidence,
            "doubt": word.doubt,
            "flag": word.flag,
        }
        for i, word in enumerate(turn.words)
    ]


def turn_value(row: TurnRow) -> Turn:
    said = None
    if row.said_start_ns is not None and row.said_end_ns is not None:
        said = Interval(row.said_start_ns, row.said_end_ns)
    words = tuple(Word(word.text, word.interval, word.confidence, word.doubt, word.flag) for word in row.words)
    return Turn(
        TurnId(row.id),
        TranscriptId(row.transcript_id),
        Role(row.speaker),
        row.interval,
        row.text,
        said,
        words,
        row.confidence,
        row.voice,
        row.checked,
        tuple(TurnId(origin) for origin in row.origins),
        row.translation,
    )


def original_columns(turn: Turn) -> dict[str, Any]:
    return {"id": turn.id, "transcript_id": turn.transcript_id, "data": to_json([turn])}


def original_value(row: OriginalTurnRow) -> Turn:
    [turn] = from_json(row.data)
    assert isinstance(turn, Turn)
    return turn


def term_row(term: Term) -> TermRow:
    return TermRow(id=term.id, procedure_id=term.procedure_id, text=term.text)


def term_value(row: TermRow) -> Term:
    return Term(TermId(row.id), ProcedureId(row.procedure_id), row.text)


def tier_row(tier: Tier) -> TierRow:
    return TierRow(
        id=tier.id,
        session_id=tier.session_id,
        kind=tier.kind,
        name=tier.name,
        codebook_id=tier.codebook_id,
        annotator=tier.annotator,
        origin=tier.origin,
        status=tier.status,
    )


def tier_value(row: TierRow) -> Tier:
    return Tier(
        TierId(row.id),
        SessionId(row.session_id),
        TierKind(row.kind),
        row.name,
        CodebookId(row.codebook_id),
        row.annotator,
        Origin(row.origin),
        TierStatus(row.status),
    )


def segment_row(segment: Segment) -> SegmentRow:
    return SegmentRow(
        id=segment.id,
        tier_id=segment.tier_id,
        interval=segment.interval,
        label=segment.label,
        note=segment.note,
        mistake=segment.mistake,
    )


def segment_value(row: SegmentRow) -> Segment:
    return Segment(SegmentId(row.id), TierId(row.tier_id), row.interval, row.label, row.note, row.mistake)


def question_row(question: Question) -> QuestionRow:
    return QuestionRow(
        id=question.id,
        session_id=question.session_id,
        clip=question.clip,
        asked_by=question.asked_by,
        text=question.text,
        answer=question.answer,
        asked=question.asked,
        answered=question.answered,
        step=question.step,
        status=question.status,
        origin=question.origin,
        choices=[ChoiceRow(question_id=question.id, place=i, text=text) for i, text in enumerate(question.choices)],
    )


def question_value(row: QuestionRow) -> Question:
    return Question(
        QuestionId(row.id),
        SessionId(row.session_id),
        row.clip,
        Role(row.asked_by),
        row.text,
        row.answer,
        row.asked,
        row.answered,
        row.step,
        tuple(choice.text for choice in row.choices),
        ReviewStatus(row.status),
        Origin(row.origin),
    )
