"""The order in which items are read: the same in every database, which has none of its own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from storage.tables.history import EditItemRow
from storage.tables.items import ITEM_TABLES, ItemTable


def reading_order(of: ItemTable) -> tuple[Any, ...]:
    """What has a time by it, then as it was made; the rest, of which there is little, as it came in."""
    column = of.table.c
    name = of.kind.name
    if name == "annotation":
        return _time(column.start_ns), _time(column.end_ns), column.made_utc_ns, column.id
    if name == "turn":
        return column.start_ns, column.end_ns, column.id
    if name == "question":
        return column.clip_start_ns, column.made_utc_ns, column.id
    return (*_first_edit(of), column.id)


def _time(column: Any) -> Any:
    """Without a time first: the databases disagree on where NULL belongs."""
    return func.coalesce(column, -1)


def _first_edit(of: ItemTable) -> tuple[Any, ...]:
    """By the edit that made it, and its place in that."""
    made = (EditItemRow.kind == of.kind.name) & (EditItemRow.item_id == of.table.c.id)
    first = [
        select(column).where(made).order_by(EditItemRow.edit_id).limit(1).scalar_subquery()
        for column in (EditItemRow.edit_id, EditItemRow.place)
    ]
    return tuple(_time(each) for each in first)


ORDERS = {name: reading_order(of) for name, of in ITEM_TABLES.items()}
