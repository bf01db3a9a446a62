"""How the fields of a value lie in the columns of a row: worked out from the fields' types.

Numbers are 8-byte integers (nanoseconds), a value within a value lies in columns of its own, what there may be
several of is JSON, and what may be of any type has a column for each type.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from functools import lru_cache
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import msgspec
from sqlalchemy import Boolean, Column, Double

from storage.tables.types import TEXT, WHOLE
from woz.base.interval import Interval

SHARED = 4096
"""So many values that many rows have alike are kept, and held once."""

_TYPES: dict[type, Any] = {bool: Boolean(), int: WHOLE, float: Double(), str: TEXT}
_VARIANTS = ((bool, "bool"), (int, "int"), (float, "real"), (str, "text"))

Split = Callable[[Any], tuple[Any, ...]]
Join = Callable[[Sequence[Any]], Any]


@dataclass(frozen=True, slots=True)
class Cell:
    """A field's columns as (name, type, may be empty), and the way between its value and theirs.

    Without `join`, the value is what its only column holds.
    """

    columns: tuple[tuple[str, Any, bool], ...]
    split: Split
    join: Join | None

    def made(self) -> list[Column[Any]]:
        return [Column(name, kind, nullable=empty) for name, kind, empty in self.columns]


@dataclass(frozen=True, slots=True)
class Layout:
    """All fields of a kind of value in columns, but those that are left out."""

    value: type[Any]
    cells: tuple[Cell, ...]
    names: tuple[str, ...]
    """Of the fields."""

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(name for cell in self.cells for name, _, _ in cell.columns)

    def columns(self) -> list[Column[Any]]:
        return [column for cell in self.cells for column in cell.made()]

    def row(self, value: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, cell in zip(self.names, self.cells, strict=True):
            found.update(zip((c[0] for c in cell.columns), cell.split(getattr(value, name)), strict=True))
        return found

    def reader(self) -> Callable[[Sequence[Any]], dict[str, Any]]:
        """From a row that begins with these columns to the fields."""
        places, at = [], 0
        for cell in self.cells:
            places.append((at, at + len(cell.columns), cell.join))
            at += len(cell.columns)
        names = self.names
        return lambda row: dict(
            zip(names, [row[a] if join is None else join(row[a:b]) for a, b, join in places], strict=True)
        )


def layout(value: type[Any], without: frozenset[str] = frozenset()) -> Layout:
    hints = get_type_hints(value, include_extras=True)
    names = tuple(each.name for each in fields(value) if each.name not in without)
    return Layout(value, tuple(_cell(name, hints[name]) for name in names), names)


def _cell(name: str, hint: Any) -> Cell:
    kind, empty = _kind(hint)
    if get_origin(kind) is tuple:
        return _json(name, kind)
    if get_origin(kind) in (Union, types.UnionType):
        return _variant(name, kind)
    if is_dataclass(kind):
        return _nested(name, kind, empty)
    if issubclass(kind, Enum):
        known: dict[Any, Enum] = {member.value: member for member in kind}
        return Cell(
            ((name, TEXT, empty),),
            lambda value: (value if value is None else value.value,),
            lambda row: None if row[0] is None else known[row[0]],
        )
    return Cell(((name, _TYPES[kind], empty),), lambda value: (value,), None)


def _kind(hint: Any) -> tuple[Any, bool]:
    """The type itself, and whether None may stand in its place."""
    if get_origin(hint) is Annotated:
        return _kind(get_args(hint)[0])
    if hasattr(hint, "__supertype__"):
        return _kind(hint.__supertype__)
    if get_origin(hint) in (Union, types.UnionType):
        rest = [each for each in get_args(hint) if each is not type(None)]
        return (_kind(rest[0])[0], True) if len(rest) == 1 else (hint, True)
    return hint, False


def _json(name: str, kind: Any) -> Cell:
    encode, decode = msgspec.json.Encoder().encode, msgspec.json.Decoder(kind).decode
    return Cell(
        ((name, TEXT, False),),
        lambda value: (encode(value).decode() if value else "[]",),
        lambda row: () if row[0] == "[]" else decode(row[0]),
    )


def _variant(name: str, kind: Any) -> Cell:
    """A column a type; the one that isn't empty has the value. What else there may be is JSON, as a reference."""
    kinds = (_kind(each)[0] for each in get_args(kind))
    (other,) = (each for each in kinds if isinstance(each, type) and is_dataclass(each))
    encode, decode = msgspec.json.Encoder().encode, msgspec.json.Decoder(other).decode
    columns = tuple((f"{word}_{name}", _TYPES[plain], True) for plain, word in _VARIANTS)

    def split(value: Any) -> tuple[Any, ...]:
        reference = encode(value).decode() if isinstance(value, other) else None
        return (*(value if type(value) is plain else None for plain, _ in _VARIANTS), reference)

    def join(row: Sequence[Any]) -> Any:
        if row[4] is not None:
            return decode(row[4])
        return next((value for value in row if value is not None), None)

    return Cell((*columns, (f"ref_{name}", TEXT, True)), split, join)


def _nested(name: str, kind: Any, empty: bool) -> Cell:
    """The columns of a value within the value. The time that a thing spans needs no name before it."""
    prefix = "" if name == "interval" else f"{name}_"
    inner = layout(kind)
    columns = tuple(
        (f"{prefix}{column}", of, empty or may) for cell in inner.cells for column, of, may in cell.columns
    )
    nothing = (None,) * len(columns)
    read = inner.reader()

    def split(value: Any) -> tuple[Any, ...]:
        return nothing if value is None else tuple(inner.row(value).values())

    def join(row: Sequence[Any]) -> Any:
        return None if row[0] is None else kind(**read(row))

    if kind is Interval:
        return Cell(columns, split, lambda row: None if row[0] is None else Interval(row[0], row[1]))
    return Cell(columns, split, _held_once(join))


def _held_once(join: Join) -> Join:
    found = lru_cache(maxsize=SHARED)(join)
    return lambda row: found(tuple(row))
