"""Turns with their words written by the table, not one by one: an edit may touch thousands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session as Rows

from storage.tables.models import OriginalTurnRow, TurnRow, WordRow
from storage.tables.rows import original_columns, turn_columns, word_columns
from woz.model.ids import TurnId
from woz.model.transcript import Turn

AT_ONCE = 500
"""Ids in one query."""


def read_rows(rows: Rows, ids: Sequence[TurnId]) -> dict[TurnId, TurnRow]:
    """The rows of turns by their ids, those that are there."""
    found = (rows.scalars(select(TurnRow).where(TurnRow.id.in_(part))) for part in _parts(ids))
    return {TurnId(row.id): row for part in found for row in part}


def insert_turns(rows: Rows, turns: Sequence[Turn]) -> None:
    if turns:
        rows.execute(insert(TurnRow), [turn_columns(turn) for turn in turns])
    _insert_words(rows, turns)


def insert_originals(rows: Rows, turns: Sequence[Turn]) -> None:
    """Keep turns as they are now, for good."""
    if turns:
        rows.execute(insert(OriginalTurnRow), [original_columns(turn) for turn in turns])


def update_turns(rows: Rows, turns: Sequence[Turn]) -> None:
    """Make the turns by these ids like these."""
    if turns:
        rows.execute(update(TurnRow), [turn_columns(turn) for turn in turns])
    for part in _parts([turn.id for turn in turns]):
        rows.execute(
            delete(WordRow).where(WordRow.turn_id.in_(part)), execution_options={"synchronize_session": False}
        )
    _insert_words(rows, turns)


def _insert_words(rows: Rows, turns: Sequence[Turn]) -> None:
    words = [columns for turn in turns for columns in word_columns(turn)]
    if words:
        rows.execute(insert(WordRow), words)


def _parts(ids: Sequence[TurnId]) -> Iterator[Sequence[TurnId]]:
    return (ids[i : i + AT_ONCE] for i in range(0, len(ids), AT_ONCE))
