"""The tables of the kinds of item, made from their declarations.

A row of an item has the item's fields and `edit_id`, the edit that made it as it is (empty where none did).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, get_args, get_type_hints

from sqlalchemy import CheckConstraint, Column, ForeignKey, ForeignKeyConstraint, Index, Table

from storage.tables.cells import Layout, layout
from storage.tables.models import Base
from storage.tables.types import TEXT, WHOLE
from woz.model.item import ItemKind
from woz.model.kinds import KINDS

_OWNERS = {"session": "session.id", "tier": "tier.id", "transcript": "transcript.id", "procedure": "procedure.id"}
_MORE: dict[str, Callable[[], tuple[Any, ...]]] = {
    "tier": lambda: (
        ForeignKeyConstraint(
            ["scheme_id", "scheme_version"], ["scheme.id", "scheme.version"], name="fk_tier_scheme"
        ),
        ForeignKeyConstraint(["annotator_id"], ["annotator.id"], name="fk_tier_annotator_id_annotator"),
    ),
    "annotation": lambda: (
        CheckConstraint("end_ns >= start_ns", name="interval"),
        Index("ix_annotation_tier_id_start_ns", "tier_id", "start_ns"),
        Index("ix_annotation_label", "label"),
    ),
    "link": lambda: (Index("ix_link_source_id", "source_id"), Index("ix_link_target_id", "target_id")),
    "turn": lambda: (
        CheckConstraint("end_ns >= start_ns", name="interval"),
        Index("ix_turn_transcript_id_start_ns", "transcript_id", "start_ns"),
    ),
}
"""What a table has that doesn't follow from the declaration: what fields refer to, and how they are searched."""


@dataclass(frozen=True, slots=True)
class OwnTable:
    """A field of which each value is a row: the owner's id, its number, and the value's columns."""

    field: str
    table: Table
    owner: str
    layout: Layout

    def rows(self, item: Any) -> list[dict[str, Any]]:
        return [
            {self.owner: item.id, "nr": nr, **self.layout.row(value)}
            for nr, value in enumerate(getattr(item, self.field))
        ]

    @property
    def columns(self) -> list[Column[Any]]:
        return [self.table.c[name] for name in (self.owner, *self.layout.column_names)]

    def reader(self) -> Callable[[Sequence[Any]], Any]:
        read, kind = self.layout.reader(), self.layout.value
        return lambda row: kind(**read(row[1:]))


@dataclass(frozen=True, slots=True)
class ItemTable:
    kind: ItemKind
    table: Table
    layout: Layout
    own: tuple[OwnTable, ...]

    def row(self, item: Any, edit_id: int | None) -> dict[str, Any]:
        return {"edit_id": edit_id, **self.layout.row(item)}

    @property
    def columns(self) -> list[Column[Any]]:
        """The edit's id, then the fields'."""
        return [self.table.c[name] for name in ("edit_id", *self.layout.column_names)]

    def reader(self) -> Callable[[Sequence[Any], dict[str, Any]], Any]:
        """From such a row, and the fields that lie in tables of their own, to the item."""
        read, kind = self.layout.reader(), self.kind.value
        return lambda row, more: kind(**read(row[1:]), **more)


def _item_table(kind: ItemKind) -> ItemTable:
    fields = layout(kind.value, frozenset(kind.own_table))
    more = _MORE.get(kind.name, lambda: ())()
    columns = [_column(column, kind) for column in fields.columns()]
    table = Table(kind.table, Base.metadata, *columns, Column("edit_id", WHOLE, nullable=True), *more)
    return ItemTable(kind, table, fields, tuple(_own_table(kind, field) for field in kind.own_table))


def _column(column: Column[Any], kind: ItemKind) -> Column[Any]:
    if column.name == "id":
        return Column("id", TEXT, primary_key=True)
    if column.name == kind.owner_field:
        target = ForeignKey(_OWNERS[kind.owner], ondelete="CASCADE")
        return Column(column.name, TEXT, target, nullable=False, index=kind.name != "annotation")
    return column


def _own_table(kind: ItemKind, field: str) -> OwnTable:
    value = get_args(get_type_hints(kind.value)[field])[0]
    fields, owner = layout(value), f"{kind.name}_id"
    table = Table(
        kind.own_table[field],
        Base.metadata,
        Column(owner, TEXT, ForeignKey(f"{kind.table}.id", ondelete="CASCADE"), primary_key=True),
        Column("nr", WHOLE, primary_key=True),
        *fields.columns(),
    )
    return OwnTable(field, table, owner, fields)


ITEM_TABLES: dict[str, ItemTable] = {name: _item_table(kind) for name, kind in KINDS.items()}

_attribute = ITEM_TABLES["annotation"].own[0].table.c
Index("ix_attribute_key_text_value", _attribute.key, _attribute.text_value)

_BY_TYPE = {each.kind.value: each for each in ITEM_TABLES.values()}


def item_table(kind: type[Any]) -> ItemTable:
    """Raises KeyError for what is no kind of item."""
    return _BY_TYPE[kind]
