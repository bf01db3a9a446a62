"""Annotations of a session: tiers, segments, turns and questions, and the log of their edits."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as Rows

from storage.database import Database
from storage.models import (
    EditRow,
    QuestionRow,
    ReviewRow,
    SegmentRow,
    TierRow,
    TranscriptRow,
    TurnRow,
)
from storage.rows import (
    question_row,
    question_value,
    segment_row,
    segment_value,
    tier_row,
    tier_value,
    turn_row,
    turn_value,
)
from woz.clock import Clock
from woz.edits import Edit, Item
from woz.errors import WozError
from woz.session import Question, ReviewStatus, Segment, SessionId, Tier, Turn

_KINDS: dict[type, tuple[Any, Callable[[Any], Any], Callable[[Any], Item]]] = {
    Tier: (TierRow, tier_row, tier_value),
    Turn: (TurnRow, turn_row, turn_value),
    Segment: (SegmentRow, segment_row, segment_value),
    Question: (QuestionRow, question_row, question_value),
}
_ORDER = (Tier, Turn, Segment, Question)
"""Owners come before what they own."""


class Annotations:
    """Implements `woz.ports.EditLog`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def load(self, session_id: SessionId) -> tuple[Item, ...]:
        """All items of a session, of all tiers and transcripts."""
        with self._database.transaction() as rows:
            tiers = rows.scalars(select(TierRow).where(TierRow.session_id == session_id)).all()
            segments = rows.scalars(select(SegmentRow).join(TierRow).where(TierRow.session_id == session_id)).all()
            of_session = select(TurnRow).join(TranscriptRow).where(TranscriptRow.session_id == session_id)
            turns = rows.scalars(of_session).all()
            questions = rows.scalars(select(QuestionRow).where(QuestionRow.session_id == session_id)).all()
            return (
                *map(tier_value, tiers),
                *map(segment_value, segments),
                *map(turn_value, turns),
                *map(question_value, questions),
            )

    def record(self, session_id: SessionId, edit: Edit, by: str) -> None:
        """Apply the edit and log it, in one transaction.

        Raises WozError where what it replaces is not what is stored, or the disk takes no more.
        """
        now_ns = self._clock.utc_ns()
        with self._database.transaction() as rows:
            for item in sorted(edit.before, key=lambda i: -_ORDER.index(type(i))):
                self._remove(rows, item)
            rows.flush()
            for item in sorted(edit.after, key=lambda i: _ORDER.index(type(i))):
                rows.add(_KINDS[type(item)][1](item))
                rows.flush()
            rows.add_all(_reviews(edit, by, now_ns))
            rows.add(
                EditRow(
                    session_id=session_id,
                    by=by,
                    made_utc_ns=now_ns,
                    name=edit.name,
                    before=_json(edit.before),
                    after=_json(edit.after),
                )
            )

    def history(self, session_id: SessionId) -> list[tuple[str, str, int]]:
        """The edits of a session, oldest first: name, who, when (UTC, ns)."""
        with self._database.transaction() as rows:
            found = rows.scalars(select(EditRow).where(EditRow.session_id == session_id).order_by(EditRow.id))
            return [(edit.name, edit.by, edit.made_utc_ns) for edit in found]

    @staticmethod
    def _remove(rows: Rows, item: Item) -> None:
        model, _, value = _KINDS[type(item)]
        row = rows.get(model, item.id)
        if row is None or value(row) != item:
            raise WozError("Somebody else changed this meanwhile; close the session and open it again.")
        rows.delete(row)


def _reviews(edit: Edit, by: str, now_ns: int) -> list[ReviewRow]:
    before = {item.id: item.status for item in edit.before if isinstance(item, Question)}
    return [
        ReviewRow(question_id=item.id, by=by, made_utc_ns=now_ns, status=item.status)
        for item in edit.after
        if isinstance(item, Question) and before.get(item.id, ReviewStatus.PROPOSED) != item.status
    ]


def _json(items: tuple[Item, ...]) -> str:
    return json.dumps([{"type": type(item).__name__, **asdict(item)} for item in items], ensure_ascii=False)
