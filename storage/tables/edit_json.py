"""Edits as the log keeps them: each item as JSON with its kind, read back as the same value."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache, partial
from typing import Any, get_args, get_origin, get_type_hints

from woz.annotation.edits import Item
from woz.model.annotation import Segment, Tier
from woz.model.question import Question
from woz.model.transcript import Term, Turn

Reader = Callable[[Any], Any]
_KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in (Tier, Turn, Segment, Question, Term)}


def to_json(items: Iterable[Item]) -> str:
    """A JSON array of objects: the item's fields, and its kind as "type"."""
    return json.dumps([{"type": type(item).__name__, **_plain(item)} for item in items], ensure_ascii=False)


def _plain(value: Any) -> Any:
    """As `dataclasses.asdict`, without its copies."""
    kind: Any = type(value)
    names = _names(kind)
    if names:
        return {name: _plain(getattr(value, name)) for name in names}
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()


def from_json(text: str) -> tuple[Item, ...]:
    """The items again. A field that the text lacks has its default."""
    return tuple(_record(_KINDS[raw["type"]], raw) for raw in json.loads(text))


def _record(kind: Any, raw: dict[str, Any]) -> Any:
    return kind(**{name: read(raw[name]) for name, read in _readers(kind).items() if name in raw})


@cache
def _readers(kind: Any) -> dict[str, Reader]:
    """How each field of a kind is read; worked out once, since a long transcript has many thousand."""
    hints = get_type_hints(kind)
    return {field.name: _reader(hints[field.name]) for field in fields(kind)}


def _reader(hint: Any) -> Reader:
    if get_origin(hint) is tuple:
        each = _reader(get_args(hint)[0])
        return lambda raw: tuple(each(one) for one in raw)
    for kind in get_args(hint) or (hint,):
        if is_dataclass(kind) and isinstance(kind, type):
            return _unless_none(partial(_record, kind))
        if isinstance(kind, type) and issubclass(kind, Enum):
            return _unless_none(kind)
    return lambda raw: raw


def _unless_none(read: Reader) -> Reader:
    return lambda raw: None if raw is None else read(raw)
