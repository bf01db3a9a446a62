"""Between woz's values and rows of the database."""

from __future__ import annotations

from storage.models import (
    ChoiceRow,
    PrerequisiteRow,
    ProcedureRow,
    QuestionRow,
    SegmentRow,
    SessionParticipantRow,
    SessionRow,
    StepRow,
    TierRow,
    TurnRow,
    WordRow,
)
from woz.interval import Interval
from woz.session import (
    CodebookId,
    Origin,
    ParticipantId,
    Procedure,
    ProcedureId,
    Question,
    QuestionId,
    ReviewStatus,
    Role,
    Segment,
    SegmentId,
    Session,
    SessionId,
    SessionState,
    Step,
    StepId,
    Tier,
    TierId,
    TierKind,
    TierStatus,
    TranscriptId,
    Turn,
    TurnId,
    Word,
)


def session_row(session: Session) -> SessionRow:
    people = [
        SessionParticipantRow(session_id=session.id, participant_id=p, place=i)
        for i, p in enumerate(session.participants)
    ]
    return SessionRow(
        id=session.id,
        title=session.title,
        state=session.state,
        start_utc_ns=session.start_utc_ns,
        duration_ns=session.duration_ns,
        procedure_id=session.procedure_id,
        participants=people,
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
    )


def procedure_row(procedure: Procedure) -> ProcedureRow:
    steps = [
        StepRow(
            id=step.id,
            place=i,
            name=step.name,
            position=step.position,
            parent_id=step.parent_id,
            prerequisites=[PrerequisiteRow(step_id=step.id, before_id=before) for before in step.prerequisites],
        )
        for i, step in enumerate(procedure.steps)
    ]
    return ProcedureRow(id=procedure.id, name=procedure.name, steps=steps)


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


def turn_row(turn: Turn) -> TurnRow:
    words = [
        WordRow(place=i, text=word.text, interval=word.interval, confidence=word.confidence)
        for i, word in enumerate(turn.words)
    ]
    return TurnRow(
        id=turn.id,
        transcript_id=turn.transcript_id,
        speaker=turn.speaker,
        interval=turn.interval,
        text=turn.text,
        said_start_ns=turn.said.start_ns if turn.said else None,
        said_end_ns=turn.said.end_ns if turn.said else None,
        confidence=turn.confidence,
        words=words,
    )


def turn_value(row: TurnRow) -> Turn:
    said = None
    if row.said_start_ns is not None and row.said_end_ns is not None:
        said = Interval(row.said_start_ns, row.said_end_ns)
    words = tuple(Word(word.text, word.interval, word.confidence) for word in row.words)
    transcript = TranscriptId(row.transcript_id)
    return Turn(TurnId(row.id), transcript, Role(row.speaker), row.interval, row.text, said, words, row.confidence)


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
        choices=[ChoiceRow(place=i, text=text) for i, text in enumerate(question.choices)],
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
