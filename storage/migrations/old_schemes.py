"""Codebooks as version 1 of a scheme each. Labels that annotations have and the codebook lacks stay, retired."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from storage.migrations.old_log import OldLog

_NAMES = {"steps": "Steps", "states": "Conversation states"}
_MISTAKE = {"key": "mistake", "kind": "bool", "names": {"en": "Mistake"}}
_GREY = "#888888"


def schemes_of(connection: sa.Connection, log: OldLog) -> Iterator[dict[str, Any]]:
    steps = {row.id: row.name for row in connection.execute(sa.text("SELECT id, name FROM step"))}
    books = connection.execute(sa.text("SELECT id, name, kind FROM codebook ORDER BY id")).all()
    for book, name, kind in books:
        labels = list(_labels(connection, book))
        known = {label["id"] for label in labels}
        gone = (key for key in log.used_labels(book) if key not in known)
        labels += [_label(key, steps.get(key, key), _GREY, "") | {"retired": True} for key in gone]
        tier_type = {
            "key": kind,
            "names": {"en": _NAMES.get(kind, kind)},
            "cover": "partition" if kind == "states" else "free",
            "overlap": "none",
            "labels": labels,
            "attributes": [_MISTAKE],
        }
        scheme = {"id": book, "name": name, "version": 1, "tier_types": [tier_type]}
        yield {"id": book, "version": 1, "name": name, "data": json.dumps(scheme, ensure_ascii=False)}


def _labels(connection: sa.Connection, book: str) -> Iterator[dict[str, Any]]:
    query = "SELECT key, name, colour, shortcut FROM codebook_label WHERE codebook_id = :book ORDER BY place"
    for row in connection.execute(sa.text(query), {"book": book}).all():
        yield _label(*row)


def _label(key: str, name: str, colour: str, shortcut: str) -> dict[str, Any]:
    return {"id": key, "key": key, "names": {"en": name}, "colour": colour, "shortcut": shortcut}
