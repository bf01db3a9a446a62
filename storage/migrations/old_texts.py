"""All texts of a project that isn't searchable yet."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from itertools import islice
from typing import Any

import sqlalchemy as sa

from storage.tables.grams import grams

AT_ONCE = 1000
_OF_TRANSCRIPT = "turn AS i JOIN transcript AS o ON o.id = i.transcript_id"
_OF_TIER = "annotation AS i JOIN tier AS o ON o.id = i.tier_id"
_ATTRIBUTE = (
    f"attribute AS a JOIN {_OF_TIER.replace('annotation AS i', 'annotation AS i ON i.id = a.annotation_id')}"
)
_SOURCES = (
    ("turn", "'text'", "i.text", "o.session_id", "o.id", _OF_TRANSCRIPT),
    ("turn", "'translation'", "i.translation", "o.session_id", "o.id", _OF_TRANSCRIPT),
    ("annotation", "'note'", "i.note", "o.session_id", "o.id", _OF_TIER),
    ("annotation", "a.key", "a.text_value", "o.session_id", "o.id", _ATTRIBUTE),
    ("annotation", "a.key", "a.note", "o.session_id", "o.id", _ATTRIBUTE),
    ("link", "'note'", "i.note", "i.session_id", "i.session_id", "link AS i"),
    ("question", "'text'", "i.text", "i.session_id", "i.session_id", "question AS i"),
    ("question", "'answer'", "i.answer", "i.session_id", "i.session_id", "question AS i"),
    ("question", "'english'", "i.english_text", "i.session_id", "i.session_id", "question AS i"),
    ("question", "'english'", "i.english_answer", "i.session_id", "i.session_id", "question AS i"),
    ("question", "'distractors'", "i.distractors", "i.session_id", "i.session_id", "question AS i"),
)
"""Kind, field, text, session, owner, and where they stand."""
log = logging.getLogger(__name__)


def old_texts(connection: sa.Connection) -> Iterator[list[dict[str, Any]]]:
    """Rows to be searched, some at a time; how far it is goes to the log."""
    for nr, source in enumerate(_SOURCES):
        log.info("making a project searchable: %d %%", 100 * nr // len(_SOURCES))
        left = _rows(connection, *source)
        while part := list(islice(left, AT_ONCE)):
            yield part


def _rows(
    connection: sa.Connection, kind: str, field: str, text: str, session: str, owner: str, tables: str
) -> Iterator[dict[str, Any]]:
    query = f"SELECT i.id, {session}, {owner}, {field}, {text} FROM {tables} WHERE {text} <> ''"
    for item_id, session_id, owner_id, name, found in connection.exec_driver_sql(query).all():
        for each in _distractors(found) if name == "distractors" and kind == "question" else (found,):
            if parts := grams(each):
                yield {
                    "session_id": session_id,
                    "owner_id": owner_id,
                    "kind": kind,
                    "item_id": item_id,
                    "field": name,
                    "grams": parts,
                }


def _distractors(data: str) -> list[str]:
    return [str(each["text"]) for each in json.loads(data)]
