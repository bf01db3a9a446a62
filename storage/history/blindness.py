"""What an annotator sees of a session, by the blind scopes that the project has for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session as Rows

from storage.history.log import edit_by_id, last_known
from storage.tables.annotator_rows import scope_value
from storage.tables.annotators import BlindScopeRow
from storage.tables.item_rows import read_items, stored_items
from storage.tables.items import ITEM_TABLES
from woz.annotation.beginning import came_into_work
from woz.annotation.blindness import visible
from woz.annotation.logged import ItemChange, LoggedEdit, Version
from woz.model.annotation import Annotation
from woz.model.annotator import BlindScope
from woz.model.ids import SessionId
from woz.model.item import ItemRef, ref_to
from woz.model.kinds import Item
from woz.model.link import Link
from woz.model.question import Question

Kept = list[tuple[Item, int | None]]
"""Items, each with the edit that made it as it is."""


HIDDEN = "An edit of what isn't shown"
"""The name of an edit that somebody doesn't see all of: its own may hold a label."""


def scopes_of(rows: Rows, session_id: SessionId, annotator: str) -> Sequence[BlindScope]:
    mine = (BlindScopeRow.annotator_id == annotator) & (BlindScopeRow.session_id == session_id)
    return [scope_value(row) for row in rows.scalars(select(BlindScopeRow).where(mine))]


def seen(rows: Rows, session_id: SessionId, items: Kept, annotator: str) -> Kept:
    """Those of a session's items that somebody sees."""
    scopes = scopes_of(rows, session_id, annotator)
    if not scopes:
        return items
    every = [item for item, _ in items]
    gone = _rested_on(rows, every, every)
    around = [*gone, *_tiers_of(rows, gone, every)] if gone else []
    left = {ref_to(item) for item in visible((*every, *around), annotator, scopes)}
    return [(item, edit_id) for item, edit_id in items if ref_to(item) in left]


def seen_among(
    rows: Rows, found: Mapping[ItemRef, tuple[Item, int | None]], annotator: str
) -> dict[ItemRef, tuple[Item, int | None]]:
    """Those of any items, perhaps of several sessions, that somebody sees."""
    scopes = blind_scopes(rows, annotator)
    if not scopes:
        return dict(found)
    items = [item for item, _ in found.values()]
    ends = {end for item in items if isinstance(item, Link) for end in (item.source, item.target)}
    around = [item for item, _ in stored_items(rows, ends - found.keys()).values()]
    around += _rested_on(rows, items, (*items, *around))
    marked = (item for item in (*items, *around) if isinstance(item, Annotation))
    owners = {ItemRef("tier", item.tier_id) for item in marked}
    around += [item for item, _ in stored_items(rows, owners - found.keys() - {*map(ref_to, around)}).values()]
    left = {ref_to(item) for item in visible((*items, *around), annotator, scopes)}
    return {ref: each for ref, each in found.items() if ref in left}


def blind_scopes(rows: Rows, annotator: str) -> Sequence[BlindScope]:
    """Of somebody in all sessions."""
    mine = BlindScopeRow.annotator_id == annotator
    return [scope_value(row) for row in rows.scalars(select(BlindScopeRow).where(mine))]


def seen_versions(rows: Rows, found: dict[ItemRef, list[Version]], annotator: str) -> dict[ItemRef, list[Version]]:
    """As much of what became of items, perhaps of several sessions, as somebody sees."""
    scopes = blind_scopes(rows, annotator)
    if not scopes:
        return found
    changes = {
        ref: [ItemChange(ref, each.before, each.after) for each in versions] for ref, versions in found.items()
    }
    every = [change for of_item in changes.values() for change in of_item]
    ends, rested = _ends_of(rows, every), _rested_on(rows, _items_in(every))
    known = [*ends, *_tiers_of(rows, [*_items_in(every), *ends, *rested])]
    grounds = {ref_to(mark): mark for mark in rested}
    return {
        ref: [
            _as_told(rows, version, annotator)
            for version, change in zip(versions, changes[ref], strict=True)
            if _sees(change, known, grounds, annotator, scopes)
        ]
        for ref, versions in found.items()
    }


def _as_told(rows: Rows, version: Version, annotator: str) -> Version:
    """What brought a tier into work bears the name of the mark with which it came."""
    if version.by == annotator or not came_into_work(version.before, version.after):
        return version
    told = seen_of(rows, edit_by_id(rows, version.edit_id), annotator)
    return replace(version, name=told.name, why=told.why)


def seen_of(rows: Rows, logged: LoggedEdit, annotator: str) -> LoggedEdit:
    """As much of an edit as somebody sees."""
    return seen_edits(rows, logged.session_id, [logged], annotator)[0]


def seen_edits(
    rows: Rows, session_id: SessionId, edits: Iterable[LoggedEdit], annotator: str
) -> tuple[LoggedEdit, ...]:
    """As much of each of a session's edits as somebody sees."""
    every, scopes = tuple(edits), scopes_of(rows, session_id, annotator)
    if not scopes:
        return every
    tiers = ITEM_TABLES["tier"]
    known = [tier for tier, _ in read_items(rows, tiers, tiers.table.c.session_id == session_id)]
    known += _tiers_of(rows, (item for each in every for item in _items_in(each.changes)), known)
    return tuple(
        _seen_part(rows, each, known, annotator, scopes)
        if each.session_id == session_id
        else seen_of(rows, each, annotator)
        for each in every
    )


def _seen_part(
    rows: Rows, logged: LoggedEdit, tiers: Sequence[Item], annotator: str, scopes: Sequence[BlindScope]
) -> LoggedEdit:
    rested = _rested_on(rows, _items_in(logged.changes))
    known = [*tiers, *_ends_of(rows, logged.changes), *(_tiers_of(rows, rested, tiers) if rested else ())]
    grounds = {ref_to(mark): mark for mark in rested}
    left = tuple(change for change in logged.changes if _sees(change, known, grounds, annotator, scopes))
    if len(left) == len(logged.changes):
        return logged
    return replace(logged, changes=left, name=HIDDEN, why="")


def _items_in(changes: Iterable[ItemChange]) -> list[Item]:
    return [item for change in changes for item in (change.before, change.after) if item is not None]


def _tiers_of(rows: Rows, items: Iterable[Item], known: Iterable[Item] = ()) -> list[Item]:
    """The tiers that items lie in or lead to, but those that are known; as they were last where they are gone."""
    refs = set[ItemRef]()
    for item in items:
        if isinstance(item, Annotation):
            refs.add(ItemRef("tier", item.tier_id))
        if isinstance(item, Link):
            refs |= {end for end in (item.source, item.target) if end.kind == "tier"}
    refs -= set(map(ref_to, known))
    there = stored_items(rows, refs)
    return [*(tier for tier, _ in there.values()), *last_known(rows, refs - there.keys())]


def _ends_of(rows: Rows, changes: Sequence[ItemChange]) -> list[Item]:
    """What the links among them lead to, as it is now."""
    links = [item for item in _items_in(changes) if isinstance(item, Link)]
    ends = {end for link in links for end in (link.source, link.target) if end.kind == "annotation"}
    return [item for item, _ in stored_items(rows, ends).values()] if ends else []


def _rests_on(items: Iterable[Item]) -> set[ItemRef]:
    """The annotations that question sets among them rest on."""
    asked = (item for item in items if isinstance(item, Question))
    return {ItemRef("annotation", mark_id) for each in asked for mark_id in each.evidence.annotations}


def _rested_on(rows: Rows, items: Iterable[Item], known: Iterable[Item] = ()) -> list[Item]:
    """What question sets among them rest on, but what is known; as it was last where it is gone."""
    refs = _rests_on(items) - set(map(ref_to, known))
    there = stored_items(rows, refs) if refs else {}
    gone = refs - there.keys()
    return [*(mark for mark, _ in there.values()), *(last_known(rows, gone) if gone else ())]


def _sees(
    change: ItemChange,
    known: Sequence[Item],
    grounds: Mapping[ItemRef, Item],
    annotator: str,
    scopes: Sequence[BlindScope],
) -> bool:
    """`known` are the tiers, and what links lead to; a link to what is gone is its maker's alone. `grounds` are
    what question sets rest on.
    """
    items = [item for item in (change.before, change.after) if item is not None]
    others = [item for item in known if ref_to(item) != change.item]
    others += [grounds[ref] for ref in _rests_on(items) if ref in grounds]
    there = {ref_to(item) for item in others}
    return all(
        item in visible((*others, item), annotator, scopes)
        and not (isinstance(item, Link) and item.made.by != annotator and _leads_nowhere(item, there))
        for item in items
    )


def _leads_nowhere(link: Link, there: set[ItemRef]) -> bool:
    return any(end.kind == "annotation" and end not in there for end in (link.source, link.target))
