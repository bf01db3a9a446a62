"""Words of turns and choices of questions, from rows of their own into JSON in the rows that they belong to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import groupby, islice
from typing import Any

import sqlalchemy as sa

AT_ONCE = 1000


def move_words(connection: sa.Connection) -> None:
    query = "SELECT turn_id, text, start_ns, end_ns, confidence, doubt, flag FROM word ORDER BY turn_id, place"
    _move(connection, query, "UPDATE turn SET words = :data WHERE id = :id", _word)


def move_choices(connection: sa.Connection) -> None:
    query = "SELECT question_id, text FROM answer_choice ORDER BY question_id, place"
    _move(connection, query, "UPDATE question SET choices = :data WHERE id = :id", lambda row: row[1])


def _word(row: Any) -> dict[str, Any]:
    _, text, start_ns, end_ns, confidence, doubt, flag = row
    return {
        "text": text,
        "interval": {"start_ns": start_ns, "end_ns": end_ns},
        "confidence": confidence,
        "doubt": None if doubt is None else bool(doubt),
        "flag": flag,
    }


def _move(connection: sa.Connection, query: str, update: str, value: Callable[[Any], Any]) -> None:
    rows = connection.execute(sa.text(query))
    groups: Iterator[dict[str, str]] = (
        {"id": key, "data": json.dumps([value(row) for row in group], ensure_ascii=False)}
        for key, group in groupby(rows, key=lambda row: row[0])
    )
    found = list(groups)
    part = iter(found)
    while some := list(islice(part, AT_ONCE)):
        connection.execute(sa.text(update), some)
