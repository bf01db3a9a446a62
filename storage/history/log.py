"""The log's rows: written with an edit, and read back as who did what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import groupby

from sqlalchemy import ColumnElement, insert, or_, select
from sqlalchemy.orm import Session as Rows
from sqlalchemy.orm import aliased

from storage.history.tombstones import TOMBSTONE
from storage.tables.history import EditItemRow, EditRow
from storage.tables.item_rows import AT_ONCE
from storage.tables.items import ITEM_TABLES
from storage.tables.models import SessionRow
from woz.annotation.edits import Edit
from woz.annotation.link_owner import link_owner
from woz.annotation.logged import ItemChange, LoggedEdit, Step, Version
from woz.model.ids import SessionId
from woz.model.item import ItemRef, kind_of
from woz.model.item_json import from_json, to_json
from woz.model.kinds import Item
from woz.model.link import Link


def write_edit(
    rows: Rows, session_id: SessionId, edit: Edit, by: str, utc_ns: int, undoes: int | None = None
) -> int:
    """The edit itself; the answer is its id."""
    row = EditRow(session_id=session_id, by=by, made_utc_ns=utc_ns, name=edit.name, why=edit.why, undoes=undoes)
    rows.add(row)
    rows.flush()
    return row.id


def write_changes(rows: Rows, edit_id: int, changes: Iterable[ItemChange], after: int = 0) -> None:
    """`after` is how many of the edit are written already."""
    values = [_columns(edit_id, place, change) for place, change in enumerate(changes, after)]
    if values:
        rows.execute(insert(EditItemRow), values)


def _columns(edit_id: int, place: int, change: ItemChange) -> dict[str, object]:
    known = change.before if change.after is None else change.after
    return {
        "edit_id": edit_id,
        "place": place,
        "kind": change.item.kind,
        "item_id": change.item.id,
        "owner_id": kind_of(known).owner_of(known),
        "before": None if change.before is None else to_json(change.before),
        "after": None if change.after is None else to_json(change.after),
    }


def edits_of(rows: Rows, session_id: SessionId, after: int = 0) -> Iterator[LoggedEdit]:
    """Edits of a session, and those of others that changed its procedure's glossary, the oldest first."""
    procedure = select(SessionRow.procedure_id).where(SessionRow.id == session_id).scalar_subquery()
    of_glossary = select(EditItemRow.edit_id).where(
        EditItemRow.owner_id == procedure, EditItemRow.kind == "term", EditItemRow.edit_id > after
    )
    here = or_(EditRow.session_id == session_id, EditRow.id.in_(of_glossary))
    return _edits(rows, here & (EditRow.id > after))


def edit_by_id(rows: Rows, edit_id: int) -> LoggedEdit:
    return next(_edits(rows, EditRow.id == edit_id))


def _edits(rows: Rows, where: ColumnElement[bool]) -> Iterator[LoggedEdit]:
    edits = list(rows.scalars(select(EditRow).where(where).order_by(EditRow.id)))
    query = (
        select(EditItemRow.edit_id, *_ITEM)
        .join(EditRow, EditRow.id == EditItemRow.edit_id)
        .where(where, ~TOMBSTONE)
    )
    ordered = rows.execute(query.order_by(EditItemRow.edit_id, EditItemRow.place))
    changes = {key: tuple(_change(row[1:]) for row in group) for key, group in groupby(ordered, lambda row: row[0])}
    return (
        LoggedEdit(
            row.id,
            SessionId(row.session_id),
            row.by,
            row.made_utc_ns,
            row.name,
            row.why,
            row.undoes,
            changes.get(row.id, ()),
        )
        for row in edits
    )


_ITEM = (EditItemRow.kind, EditItemRow.item_id, EditItemRow.before, EditItemRow.after)


def _change(row: tuple[str, str, str | None, str | None]) -> ItemChange:
    kind, item_id, before, after = row
    return ItemChange(ItemRef(kind, item_id), _item(kind, before), _item(kind, after))


def _item(kind: str, text: str | None) -> Item | None:
    return None if text is None else from_json(kind, text)


def steps_of(rows: Rows, session_id: SessionId, by: str, after: int) -> list[Step]:
    query = select(EditRow.id, EditRow.name, EditRow.undoes).where(
        EditRow.session_id == session_id, EditRow.by == by, EditRow.id > after
    )
    return [Step(*row) for row in rows.execute(query.order_by(EditRow.id))]


def tier_changes(rows: Rows, edit_id: int) -> list[ItemChange]:
    """What an edit made of tiers themselves."""
    return _changes_of(rows, (EditItemRow.edit_id == edit_id) & (EditItemRow.kind == "tier"))


def makings(rows: Rows, item: ItemRef) -> list[ItemChange]:
    """Each time that an item came to be, the oldest first."""
    here = (EditItemRow.item_id == item.id) & (EditItemRow.kind == item.kind)
    return _changes_of(rows, here & EditItemRow.before.is_(None))


def _changes_of(rows: Rows, where: ColumnElement[bool]) -> list[ItemChange]:
    query = select(*_ITEM).where(where, ~TOMBSTONE).order_by(EditItemRow.edit_id, EditItemRow.place)
    return [_change(row[:]) for row in rows.execute(query)]


def touching(rows: Rows, session_id: SessionId, by: str, item: ItemRef) -> set[int]:
    """Somebody's edits of a session that changed an item, or, of a tier, anything in it, or a link that belongs to
    it.
    """
    own = (EditRow.session_id == session_id) & (EditRow.by == by)
    here = (EditItemRow.kind == item.kind) & (EditItemRow.item_id == item.id)
    if item.kind in {each.kind.owner for each in ITEM_TABLES.values()}:
        here = here | (EditItemRow.owner_id == item.id)
    query = select(EditItemRow.edit_id).join(EditRow, EditRow.id == EditItemRow.edit_id)
    found = set(rows.scalars(query.where(own, here)))
    return found | _touching_links(rows, own, item) if item.kind == "tier" else found


def _touching_links(rows: Rows, own: ColumnElement[bool], tier: ItemRef) -> set[int]:
    in_tier = select(EditItemRow.item_id).where(EditItemRow.kind == "annotation", EditItemRow.owner_id == tier.id)
    owners = {tier, *(ItemRef("annotation", item_id) for item_id in rows.scalars(in_tier))}
    query = (
        select(EditItemRow.edit_id, *_ITEM)
        .join(EditRow, EditRow.id == EditItemRow.edit_id)
        .where(own, EditItemRow.kind == "link", ~TOMBSTONE)
    )
    return {row[0] for row in rows.execute(query) if _belongs(_change(row[1:]), owners)}


def _belongs(link: ItemChange, owners: Collection[ItemRef]) -> bool:
    """Also to an annotation that is gone."""
    return any(isinstance(each, Link) and link_owner(each) in owners for each in (link.before, link.after))


_IN_NO_TIER = ("link", "turn")


def touched_by_others(rows: Rows, session_id: SessionId, tiers: Iterable[str], by: str) -> list[ItemRef]:
    """What edits of anybody else changed or took away, each in their order: the annotations of some tiers; and of a
    session the links and turns that `by` made or changed.
    """
    mine, edit = aliased(EditItemRow), aliased(EditRow)
    own = (
        select(mine.item_id)
        .join(edit, edit.id == mine.edit_id)
        .where(edit.session_id == session_id, edit.by == by, mine.kind.in_(_IN_NO_TIER))
    )
    marks = (EditItemRow.kind == "annotation") & EditItemRow.owner_id.in_(list(tiers))
    others = EditItemRow.kind.in_(_IN_NO_TIER) & (EditRow.session_id == session_id) & EditItemRow.item_id.in_(own)
    return [*_touched(rows, marks, by), *_touched(rows, others, by)]


def _touched(rows: Rows, where: ColumnElement[bool], by: str) -> list[ItemRef]:
    query = (
        select(EditItemRow.kind, EditItemRow.item_id)
        .join(EditRow, EditRow.id == EditItemRow.edit_id)
        .where(where, EditRow.by != by, EditItemRow.before.is_not(None), ~TOMBSTONE)
        .order_by(EditItemRow.edit_id, EditItemRow.place)
    )
    return list(dict.fromkeys(ItemRef(*row) for row in rows.execute(query)))


def versions_of(rows: Rows, item: ItemRef) -> Iterator[Version]:
    """What became of an item, the newest first."""
    here = (EditItemRow.item_id == item.id) & (EditItemRow.kind == item.kind)
    return (version for _, version in _versions(rows, here))


def versions_by_item(rows: Rows, items: Iterable[ItemRef]) -> dict[ItemRef, list[Version]]:
    """What became of each, the newest first: in one query for as many as are asked for at once."""
    found: dict[ItemRef, list[Version]] = {item: [] for item in items}
    ids = list({item.id for item in found})
    for at in range(0, len(ids), AT_ONCE):
        for item, version in _versions(rows, EditItemRow.item_id.in_(ids[at : at + AT_ONCE])):
            if item in found:
                found[item].append(version)
    return found


def last_known(rows: Rows, items: Iterable[ItemRef]) -> list[Item]:
    """Items that are there no longer, as the log has them last."""
    found = versions_by_item(rows, items).values()
    last = (versions[0].after or versions[0].before for versions in found if versions)
    return [item for item in last if item is not None]


def _versions(rows: Rows, where: ColumnElement[bool]) -> Iterator[tuple[ItemRef, Version]]:
    columns = (EditRow.id, EditRow.by, EditRow.made_utc_ns, EditRow.name, EditRow.why, EditRow.undoes)
    query = (
        select(*columns, *_ITEM)
        .join(EditItemRow, EditItemRow.edit_id == EditRow.id)
        .where(where, ~TOMBSTONE)
        .order_by(EditRow.id.desc())
    )
    for row in rows.execute(query):
        change = _change(row[6:])
        yield change.item, Version(*row[:6], change.before, change.after)
