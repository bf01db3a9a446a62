"""What an annotator sees of a session, by the blind scopes that the project has for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session as Rows

from storage.tables.annotator_rows import scope_value
from storage.tables.annotators import BlindScopeRow
from storage.tables.item_rows import read_items
from storage.tables.items import ITEM_TABLES
from woz.annotation.blindness import visible
from woz.annotation.logged import ItemChange, LoggedEdit
from woz.model.annotator import BlindScope
from woz.model.ids import SessionId
from woz.model.item import ref_to
from woz.model.kinds import Item

Kept = list[tuple[Item, int | None]]
"""Items, each with the edit that made it as it is."""


def scopes_of(rows: Rows, session_id: SessionId, annotator: str) -> Sequence[BlindScope]:
    mine = (BlindScopeRow.annotator_id == annotator) & (BlindScopeRow.session_id == session_id)
    return [scope_value(row) for row in rows.scalars(select(BlindScopeRow).where(mine))]


def seen(rows: Rows, session_id: SessionId, items: Kept, annotator: str) -> Kept:
    """Those of a session's items that somebody sees."""
    scopes = scopes_of(rows, session_id, annotator)
    if not scopes:
        return items
    left = {ref_to(item) for item in visible((item for item, _ in items), annotator, scopes)}
    return [(item, edit_id) for item, edit_id in items if ref_to(item) in left]


def seen_of(rows: Rows, logged: LoggedEdit, annotator: str) -> LoggedEdit:
    """As much of an edit as somebody sees."""
    scopes = scopes_of(rows, logged.session_id, annotator)
    if not scopes:
        return logged
    tiers = ITEM_TABLES["tier"]
    known = [tier for tier, _ in read_items(rows, tiers, tiers.table.c.session_id == logged.session_id)]
    left = tuple(change for change in logged.changes if _sees(change, known, annotator, scopes))
    return replace(logged, changes=left)


def _sees(change: ItemChange, tiers: Sequence[Item], annotator: str, scopes: Sequence[BlindScope]) -> bool:
    items = [item for item in (change.before, change.after) if item is not None]
    others = [tier for tier in tiers if ref_to(tier) != change.item]
    return all(item in visible((*others, item), annotator, scopes) for item in items)
