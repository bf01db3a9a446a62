"""Items read from their tables, and written to them, many at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session as Rows

from storage.tables.items import ITEM_TABLES, ItemTable, OwnTable, item_table
from storage.tables.search import forget_items, index_items
from woz.model.item import ItemRef, ref_to
from woz.model.kinds import Item

AT_ONCE = 500
"""Ids in one query."""
_ORDER = tuple(each.kind.value for each in ITEM_TABLES.values())


def read_items(
    rows: Rows, of: ItemTable, where: ColumnElement[bool], order_by: Sequence[Any] = ()
) -> Iterator[tuple[Item, int | None]]:
    """Items of a kind, each with the edit that made it as it is."""
    more = [(own, _own_values(rows, of, own, where)) for own in of.own]
    make = of.reader()
    for row in rows.execute(select(*of.columns).where(where).order_by(*order_by)):
        item_id = row[1]
        yield make(row, {own.field: values.get(item_id, ()) for own, values in more}), row[0]


def _own_values(rows: Rows, of: ItemTable, own: OwnTable, where: ColumnElement[bool]) -> dict[str, tuple[Any, ...]]:
    owner = own.table.c[own.owner]
    query = select(*own.columns).join(of.table, of.table.c.id == owner).where(where).order_by(owner, own.table.c.nr)
    read = own.reader()
    return {
        item_id: tuple(read(row) for row in group)
        for item_id, group in groupby(rows.execute(query), key=lambda row: str(row[0]))
    }


def stored_items(rows: Rows, wanted: Iterable[ItemRef]) -> dict[ItemRef, tuple[Item, int | None]]:
    """Those of the named items that there are."""
    by_kind: dict[str, list[str]] = {}
    for ref in wanted:
        by_kind.setdefault(ref.kind, []).append(ref.id)
    found = {}
    for kind, ids in by_kind.items():
        of = ITEM_TABLES[kind]
        for part in in_parts(ids):
            for item, edit_id in read_items(rows, of, of.table.c.id.in_(part)):
                found[ref_to(item)] = (item, edit_id)
    return found


def insert_items(rows: Rows, items: Iterable[Item], edit_id: int | None = None) -> None:
    items = list(items)
    insert_made(rows, [(item, edit_id) for item in items])
    index_made(rows, items)


def insert_made(rows: Rows, made: Iterable[tuple[Item, int | None]]) -> None:
    """Items, each with the edit that made it as it is; `index_made` makes them searchable once their owners are
    there, too."""
    made = list(made)
    edits = {ref_to(item): edit_id for item, edit_id in made}
    for of, group in _by_table(item for item, _ in made):
        rows.execute(insert(of.table), [of.row(item, edits[ref_to(item)]) for item in group])
        _insert_own(rows, of, group)


def index_made(rows: Rows, items: Iterable[Item]) -> None:
    for _, group in _by_table(items):
        index_items(rows, group)


def update_items(rows: Rows, items: Iterable[Item], edit_id: int | None) -> None:
    """Make the items by these ids like these."""
    for of, group in _by_table(items):
        new = [of.row(item, edit_id) for item in group]
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in new[0] if name != "id"}
        statement = update(of.table).where(of.table.c.id == bindparam("new_id")).values(values)
        connection = rows.connection()
        connection.execute(statement, [{f"new_{name}": value for name, value in row.items()} for row in new])
        for own in of.own:
            for part in in_parts([str(item.id) for item in group]):
                rows.execute(delete(own.table).where(own.table.c[own.owner].in_(part)))
        _insert_own(rows, of, group)
        forget_items(rows, group)
        index_items(rows, group)


def mark_stale(rows: Rows, items: Iterable[Item], edit_id: int) -> None:
    """Say of derived items that they are stale, and leave all else of them alone."""
    for of, group in _by_table(items):
        for part in in_parts([str(item.id) for item in group]):
            here = of.table.c.id.in_(part)
            rows.execute(update(of.table).where(here).values(made_stale=True, edit_id=edit_id))


def delete_items(rows: Rows, items: Iterable[Item]) -> None:
    """What belongs to others goes before them."""
    for of, group in reversed(_by_table(items)):
        forget_items(rows, group)
        for part in in_parts([str(item.id) for item in group]):
            rows.execute(delete(of.table).where(of.table.c.id.in_(part)))


def _insert_own(rows: Rows, of: ItemTable, items: Sequence[Item]) -> None:
    for own in of.own:
        if values := [row for item in items for row in own.rows(item)]:
            rows.execute(insert(own.table), values)


def _by_table(items: Iterable[Item]) -> list[tuple[ItemTable, list[Item]]]:
    ordered = sorted(items, key=lambda item: _ORDER.index(type(item)))
    return [(item_table(kind), list(group)) for kind, group in groupby(ordered, key=type)]


def in_parts(ids: Sequence[str], most: int = AT_ONCE) -> Iterator[Sequence[str]]:
    """As many at once as one statement may name, or fewer."""
    return (ids[i : i + most] for i in range(0, len(ids), most))
