"""The table of people's decisions on question sets, and between its rows and their values."""

from __future__ import annotations

import msgspec
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.models import Base
from woz.model.ids import AnnotatorId, QuestionId, SessionId
from woz.model.review import Decision, ReviewTask, Texts, Verdict

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
