"""Annotations of a session: tiers, segments, turns and questions, and the log of their edits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session as Rows

from storage.backends.database import Database
from storage.backends.faults import ContradictionError
from storage.tables.edit_json import from_json, to_json
from storage.tables.models import (
    EditRow,
    QuestionRow,
    ReviewRow,
    SegmentRow,
    SessionRow,
    TermRow,
    TierRow,
    TranscriptRow,
    TurnRow,
)
from storage.tables.rows import (
    question_row,
    question_value,
    segment_row,
    segment_value,
    term_row,
    term_value,
    tier_row,
    tier_value,
    turn_value,
)
from storage.tables.turns import insert_turns, read_rows, update_turns
from woz.annotation.edits import Edit, Item
from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.model.annotation import Segment, Tier
from woz.model.ids import SessionId, TurnId
from woz.model.question import Question, ReviewStatus
from woz.model.transcript import Term, Turn

_KINDS: dict[type, tuple[Any, Callable[[Any], Any], Callable[[Any], Item]]] = {
    Tier: (TierRow, tier_row, tier_value),
    Segment: (SegmentRow, segment_row, segment_value),
    Question: (QuestionRow, question_row, question_value),
    Term: (TermRow, term_row, term_value),
}
_STALE = "Somebody else changed this meanwhile; close the session and open it again."


@dataclass(frozen=True, slots=True)
class LoggedEdit:
    """An edit as it was made: by whom, and when (UTC)."""

    edit: Edit
    by: str
    made_utc_ns: int


class Annotations:
    """Implements `woz.annotation.ports.EditLog`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def load(self, session_id: SessionId) -> tuple[Item, ...]:
        """All items of a session, of all tiers and transcripts, and the glossary of its procedure."""
        with self._database.snapshot() as rows:
            return tuple(
                value(row)
                for query, value in (
                    (select(TierRow).where(TierRow.session_id == session_id), tier_value),
                    (select(SegmentRow).join(TierRow).where(TierRow.session_id == session_id), segment_value),
                    (select(TurnRow).join(TranscriptRow).where(TranscriptRow.session_id == session_id), turn_value),
                    (select(QuestionRow).where(QuestionRow.session_id == session_id), question_value),
                    (_glossary(session_id), term_value),
                )
                for row in rows.scalars(query)
            )

    def record(self, session_id: SessionId, edit: Edit, by: str) -> None:
        """Apply the edit and log it, in one transaction.

        Raises WozError where what it replaces is not what is stored, or the disk takes no more.
        """
        now_ns = self._clock.utc_ns()
        try:
            with self._database.transaction() as rows:
                _replace(rows, edit)
                rows.add_all(_reviews(edit, by, now_ns))
                rows.add(_logged(session_id, edit, by, now_ns))
        except ContradictionError as error:
            raise WozError(_STALE) from error

    def history(self, session_id: SessionId) -> list[LoggedEdit]:
        """The edits of a session, oldest first."""
        query = select(EditRow).where(EditRow.session_id == session_id).order_by(EditRow.id)
        with self._database.snapshot() as rows:
            return [
                LoggedEdit(Edit(row.name, from_json(row.before), from_json(row.after)), row.by, row.made_utc_ns)
                for row in rows.scalars(query)
            ]


def _glossary(session_id: SessionId) -> Select[TermRow]:
    procedure = select(SessionRow.procedure_id).where(SessionRow.id == session_id).scalar_subquery()
    return select(TermRow).where(TermRow.procedure_id == procedure)


def _replace(rows: Rows, edit: Edit) -> None:
    """Items that stay are changed in place, so that what belongs to them stays too."""
    before, after = ({item.id: item for item in items} for items in (edit.before, edit.after))
    turns = read_rows(rows, [item.id for item in edit.before if isinstance(item, Turn)])
    stored = {item_id: _stored(rows, item, turns) for item_id, item in before.items()}
    gone = [row for item_id, row in stored.items() if item_id not in after]
    for tiers in (False, True):
        for row in gone:
            if isinstance(row, TierRow) == tiers:
                _delete(rows, row)
        rows.flush()
    for item_id, item in after.items():
        if isinstance(item, Turn):
            continue
        row = _KINDS[type(item)][1](item)
        if item_id in before:
            rows.merge(row)
        else:
            rows.add(row)
    rows.flush()
    new = [item for item in after.values() if isinstance(item, Turn)]
    update_turns(rows, [turn for turn in new if turn.id in before])
    insert_turns(rows, [turn for turn in new if turn.id not in before])


def _stored(rows: Rows, item: Item, turns: Mapping[TurnId, TurnRow]) -> Any:
    if isinstance(item, Turn):
        turn = turns.get(item.id)
        return _fresh(turn, item, turn_value)
    model, _, value = _KINDS[type(item)]
    return _fresh(rows.get(model, item.id), item, value)


def _fresh(row: Any, item: Item, value: Callable[[Any], Item]) -> Any:
    """The row, where it still is what the edit replaces."""
    if row is None or value(row) != item:
        raise WozError(_STALE)
    return row


def _delete(rows: Rows, row: Any) -> None:
    """A tier goes only when it is empty: what the edit doesn't name could not be brought back."""
    if isinstance(row, TierRow) and rows.scalar(select(SegmentRow.id).where(SegmentRow.tier_id == row.id)):
        raise WozError(_STALE)
    rows.delete(row)


def _logged(session_id: SessionId, edit: Edit, by: str, now_ns: int) -> EditRow:
    before, after = to_json(edit.before), to_json(edit.after)
    return EditRow(session_id=session_id, by=by, made_utc_ns=now_ns, name=edit.name, before=before, after=after)


def _reviews(edit: Edit, by: str, now_ns: int) -> list[ReviewRow]:
    before = {item.id: item.status for item in edit.before if isinstance(item, Question)}
    return [
        ReviewRow(question_id=item.id, by=by, made_utc_ns=now_ns, status=item.status)
        for item in edit.after
        if isinstance(item, Question) and before.get(item.id, ReviewStatus.PROPOSED) != item.status
    ]
