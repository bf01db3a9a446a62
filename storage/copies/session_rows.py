"""All rows that belong to one session: read from one database, and written into another one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, insert, select
from sqlalchemy.orm import Session as Rows

from storage.copies.renaming import Renaming
from storage.tables.history import EditItemRow, EditRow
from storage.tables.item_rows import index_made, insert_made, read_items, stored_items
from storage.tables.items import ITEM_TABLES
from storage.tables.models import Base
from woz.model.item import ref_to
from woz.model.item_json import to_json
from woz.model.kinds import Item
from woz.model.tier import Tier
from woz.model.transcript import Term

TABLES = Base.metadata.tables
_BY_SESSION = (
    "session_protocol",
    "session_participant",
    "stream",
    "event",
    "transcript",
    "job",
    "question_decision",
    "question_given",
    "assignment",
    "taken_back",
    "gold_taken_back",
    "comment",
    "work",
    "blind_scope",
)
COUNTED = frozenset({"event", "question_decision", "review"})
"""Tables whose rows are numbered by the database itself."""
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class SessionRows:
    """`plain` are rows by table, `changes` those of the edits; items are each with the edit that made it so."""

    plain: dict[str, list[dict[str, Any]]]
    edits: list[dict[str, Any]]
    changes: list[dict[str, Any]]
    items: list[tuple[Item, int | None]]

    @property
    def count(self) -> int:
        return sum(map(len, self.plain.values())) + len(self.edits) + len(self.changes) + len(self.items)

    @property
    def names(self) -> set[str]:
        """All texts that may be ids of people."""
        found = {value for row in self._rows() for value in row.values() if isinstance(value, str)}
        for row in self.changes:
            for text in (row["before"], row["after"]):
                found.update(_texts(json.loads(text)) if text else ())
        return found

    def _rows(self) -> Iterator[dict[str, Any]]:
        for rows in self.plain.values():
            yield from rows
        yield from self.edits
        for item, _ in self.items:
            yield {str(at): text for at, text in enumerate(_texts(json.loads(to_json(item))))}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)


def read_rows(rows: Rows, session_id: str, procedure_id: str | None) -> SessionRows:
    plain = {name: _read(rows, TABLES[name], query) for name, query in _queries(session_id)}
    edits = _read(rows, TABLES["edit"], TABLES["edit"].c.session_id == session_id)
    here = EditItemRow.edit_id.in_(select(EditRow.id).where(EditRow.session_id == session_id))
    return SessionRows(plain, edits, _read(rows, TABLES["edit_item"], here), _items(rows, session_id, procedure_id))


def write_rows(rows: Rows, found: SessionRows, renaming: Renaming) -> SessionRows:
    """The answer is what now shall be there. Terms of the glossary that are there already stay as they are."""
    edits = _write_edits(rows, [renaming.row(row) for row in found.edits])
    renaming = replace(renaming, edits=edits)
    plain = {
        name: [_placed(name, renaming.row(row), renaming) for row in of_table]
        for name, of_table in found.plain.items()
    }
    plain["question_given"] = _each_once("question_given", plain["question_given"])
    for name, new in plain.items():
        _insert(rows, TABLES[name], new)
    changes = [_change(row, renaming) for row in found.changes]
    _insert(rows, TABLES["edit_item"], changes)
    items = [(renaming.item(item), renaming.edit(edit_id)) for item, edit_id in found.items]
    known = stored_items(rows, [ref_to(item) for item, _ in items if isinstance(item, Term)])
    _insert_items(rows, [each for each in items if ref_to(each[0]) not in known])
    numbered = [{"id": edits[row["id"]], "undoes": renaming.edit(row["undoes"])} for row in found.edits]
    return SessionRows(
        plain,
        [{**renaming.row(row), **new} for row, new in zip(found.edits, numbered, strict=True)],
        changes,
        [known.get(ref_to(item), (item, edit_id)) for item, edit_id in items],
    )


def differing(one: SessionRows, other: SessionRows) -> str:
    """The first table that isn't the same in both; empty where all are."""
    for name, of_table in one.plain.items():
        if _sorted(name, of_table) != _sorted(name, other.plain[name]):
            return name
    if _sorted("edit", one.edits) != _sorted("edit", other.edits):
        return "edit"
    if _sorted("edit_item", one.changes) != _sorted("edit_item", other.changes):
        return "edit_item"
    items = [{ref_to(item): (item, edit_id) for item, edit_id in each.items} for each in (one, other)]
    return "" if items[0] == items[1] else "the items"


def _queries(session_id: str) -> Iterator[tuple[str, ColumnElement[bool]]]:
    """An owner before what it owns."""
    yield "session", TABLES["session"].c.id == session_id
    for name in _BY_SESSION:
        yield name, TABLES[name].c.session_id == session_id
    yield "original_turn", TABLES["original_turn"].c.transcript_id.in_(_ids("transcript", session_id))
    yield "assignment_window", TABLES["assignment_window"].c.assignment_id.in_(_ids("assignment", session_id))
    yield "review", TABLES["review"].c.question_id.in_(_ids("question", session_id))


def _ids(table: str, session_id: str) -> Select[Any]:
    columns = TABLES[table].c
    return select(columns.id).where(columns.session_id == session_id)


def _items(rows: Rows, session_id: str, procedure_id: str | None) -> list[tuple[Item, int | None]]:
    found = []
    for of in ITEM_TABLES.values():
        owner = of.table.c[of.kind.owner_field]
        within: dict[str, ColumnElement[bool]] = {
            "session": owner == session_id,
            "tier": owner.in_(_ids("tier", session_id)),
            "transcript": owner.in_(_ids("transcript", session_id)),
            "procedure": owner == procedure_id,
        }
        found += list(read_items(rows, of, within[of.kind.owner], (of.table.c.id,)))
    return found


def _read(rows: Rows, table: Table, where: ColumnElement[bool]) -> list[dict[str, Any]]:
    columns = [column for column in table.columns if column.computed is None]
    query = select(*columns).where(where).order_by(*table.primary_key.columns)
    return [dict(row) for row in rows.execute(query).mappings()]


def _insert(rows: Rows, table: Table, values: list[dict[str, Any]]) -> None:
    for at in range(0, len(values), AT_ONCE):
        rows.execute(insert(table), values[at : at + AT_ONCE])


def _insert_items(rows: Rows, made: list[tuple[Item, int | None]]) -> None:
    """Tiers after what is in them: a server lets a login put nothing into one that is closed."""
    insert_made(rows, [each for each in made if not isinstance(each[0], Tier)])
    insert_made(rows, [each for each in made if isinstance(each[0], Tier)])
    index_made(rows, [item for item, _ in made])


def _each_once(name: str, of_table: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of two people who are one here, the same was given to one."""
    keys = [column.name for column in TABLES[name].primary_key.columns]
    return list({tuple(row[key] for key in keys): row for row in reversed(of_table)}.values())


def _placed(name: str, row: dict[str, Any], renaming: Renaming) -> dict[str, Any]:
    if name in COUNTED:
        row.pop("id")
    if name == "blind_scope":
        row["scheme_id"] = renaming.scheme(row["scheme_id"])
    return {**row, "edit_id": renaming.edit(row["edit_id"])} if "edit_id" in row else row


def _change(row: Mapping[str, Any], renaming: Renaming) -> dict[str, Any]:
    new = {name: None if row[name] is None else renaming.json(row[name]) for name in ("before", "after")}
    kept = renaming.row({name: row[name] for name in ("kind", "item_id", "owner_id")})
    return {"edit_id": renaming.edit(row["edit_id"]), "place": row["place"], **kept, **new}


def _write_edits(rows: Rows, edits: list[dict[str, Any]]) -> dict[int, int]:
    """Numbered anew, in their order, so that what an edit takes back comes before it."""
    made: dict[int, int] = {}
    for row in edits:
        new = EditRow(**{**row, "id": None, "undoes": made.get(row["undoes"])})
        rows.add(new)
        rows.flush()
        made[row["id"]] = new.id
    return made


def _sorted(name: str, of_table: list[dict[str, Any]]) -> list[str]:
    kept = ({k: v for k, v in row.items() if k != "id" or name not in COUNTED} for row in of_table)
    return sorted(json.dumps(row, sort_keys=True, ensure_ascii=False) for row in kept)
