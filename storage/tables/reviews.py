"""The tables of people's decisions on question sets and of who shall decide, and between rows and values."""

from __future__ import annotations

import msgspec
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.models import Base
from woz.model.ids import AnnotatorId, QuestionId, SessionId
from woz.model.review import Decision, GivenQuestion, ReviewTask, Texts, Verdict

_decode = msgspec.json.Decoder(Texts).decode


class DecisionRow(Base):
    """Written once; `withdrawn_utc_ns` is set where it was taken back or counts no more.

    `revised` is JSON. `edit_id` is the edit that it settled the question set by, where it did.
    """

    __tablename__ = "question_decision"
    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), index=True)
    question_id: Mapped[str] = mapped_column(index=True)
    task: Mapped[str]
    annotator_id: Mapped[str] = mapped_column(ForeignKey("annotator.id"), index=True)
    verdict: Mapped[str]
    curated: Mapped[bool]
    doubt: Mapped[bool]
    comment: Mapped[str]
    judged: Mapped[str]
    revised: Mapped[str | None]
    clip_ns: Mapped[int | None]
    made_utc_ns: Mapped[int]
    withdrawn_utc_ns: Mapped[int | None]
    edit_id: Mapped[int | None]


class GivenRow(Base):
    """A question set that was given to somebody to judge; it stays once they have, until it is taken back."""

    __tablename__ = "question_given"
    question_id: Mapped[str] = mapped_column(primary_key=True)
    task: Mapped[str] = mapped_column(primary_key=True)
    annotator_id: Mapped[str] = mapped_column(
        ForeignKey("annotator.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    session_id: Mapped[str] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), index=True)
    by: Mapped[str]
    drawn: Mapped[str]
    made_utc_ns: Mapped[int]


def decision_row(decision: Decision) -> DecisionRow:
    return DecisionRow(
        session_id=decision.session_id,
        question_id=decision.question_id,
        task=decision.task,
        annotator_id=decision.by,
        verdict=decision.verdict,
        curated=decision.curated,
        doubt=decision.doubt,
        comment=decision.comment,
        judged=decision.judged,
        revised=None if decision.revised is None else msgspec.json.encode(decision.revised).decode(),
        clip_ns=decision.clip_ns,
        made_utc_ns=decision.utc_ns,
    )


def decision_value(row: DecisionRow) -> Decision:
    return Decision(
        QuestionId(row.question_id),
        SessionId(row.session_id),
        ReviewTask(row.task),
        AnnotatorId(row.annotator_id),
        Verdict(row.verdict),
        row.judged,
        row.curated,
        row.doubt,
        row.comment,
        None if row.revised is None else _decode(row.revised),
        row.clip_ns,
        row.made_utc_ns,
        row.id,
    )


def given_row(one: GivenQuestion) -> GivenRow:
    return GivenRow(
        question_id=one.question_id,
        task=one.task,
        annotator_id=one.to,
        session_id=one.session_id,
        by=one.by,
        drawn=one.drawn,
        made_utc_ns=one.made_utc_ns,
    )


def given_value(row: GivenRow) -> GivenQuestion:
    return GivenQuestion(
        QuestionId(row.question_id),
        SessionId(row.session_id),
        ReviewTask(row.task),
        AnnotatorId(row.annotator_id),
        row.by,
        row.drawn,
        row.made_utc_ns,
    )
