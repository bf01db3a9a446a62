"""Edits as the log keeps them: each item as JSON with its kind, read back as the same value."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, fields, is_dataclass
from enum import Enum
from typing import Any, get_args, get_origin, get_type_hints

from woz.edits import Item
from woz.session import Question, Segment, Term, Tier, Turn

_KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in (Tier, Turn, Segment, Question, Term)}


def to_json(items: Iterable[Item]) -> str:
    """A JSON array of objects: the item's fields, and its kind as "type"."""
    return json.dumps([{"type": type(item).__name__, **asdict(item)} for item in items], ensure_ascii=False)


def from_json(text: str) -> tuple[Item, ...]:
    """The items again. A field that the text lacks has its default."""
    return tuple(_record(_KINDS[raw["type"]], raw) for raw in json.loads(text))


def _record(kind: type[Any], raw: dict[str, Any]) -> Any:
    hints = get_type_hints(kind)
    return kind(**{f.name: _value(hints[f.name], raw[f.name]) for f in fields(kind) if f.name in raw})


def _value(hint: Any, raw: Any) -> Any:
    if raw is None:
        return None
    if get_origin(hint) is tuple:
        return tuple(_value(get_args(hint)[0], each) for each in raw)
    for kind in get_args(hint) or (hint,):
        if is_dataclass(kind) and isinstance(kind, type):
            return _record(kind, raw)
        if isinstance(kind, type) and issubclass(kind, Enum):
            return kind(raw)
    return raw
