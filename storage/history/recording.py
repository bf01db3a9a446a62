"""Edits recorded: merged with what is stored, written, checked and logged, in a transaction of the caller's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session as Rows

from storage.history.cleaning import cleaned
from storage.history.governing import governed
from storage.history.log import versions_of, write_changes, write_edit
from storage.history.overlaps import refuse_overlaps
from storage.history.schemes import KnownSchemes
from storage.tables.annotators import AnnotatorRow
from storage.tables.item_rows import delete_items, insert_items, mark_stale, stored_items, update_items
from storage.tables.items import ITEM_TABLES
from storage.tables.models import ReviewRow
from woz.annotation.beginning import Beginnings, moved_from_there, without_beginnings
from woz.annotation.conflict import Clash, ConflictError
from woz.annotation.edits import Edit
from woz.annotation.logged import ItemChange, LoggedEdit
from woz.annotation.settling import settle, touched
from woz.annotation.staleness import only_became_stale
from woz.model.ids import SessionId
from woz.model.item import ref_to
from woz.model.item_merge import differences
from woz.model.kinds import Item
from woz.model.question import Question, ReviewStatus
from woz.model.tier import Tier

_LOOKED_BACK = 50
"""So many of an item's last edits are looked at for the one that is in the way."""


def record(
    rows: Rows,
    schemes: KnownSchemes,
    session_id: SessionId,
    edit: Edit,
    by: str,
    utc_ns: int,
    undoes: int | None = None,
    begins: Beginnings | None = None,
) -> LoggedEdit:
    """With `begins`, no other work comes into work by it. Raises ConflictError and OverlapError, and WozError for
    what may not be changed.
    """
    edit = without_beginnings(cleaned(edit))
    stored = stored_items(rows, touched(edit))
    settled = settle(moved_from_there(edit, stored), stored)
    if settled.clashes:
        raise ConflictError([_explained(rows, clash) for clash in settled.clashes])
    changes = governed(rows, session_id, settled.changes, by, utc_ns, stored, undoes is not None, begins)
    edit_id = write_edit(rows, session_id, edit, by, utc_ns, undoes)
    _write(rows, changes, edit_id)
    refuse_overlaps(rows, changes, schemes)
    rows.add_all(_reviews(changes, by, utc_ns))
    write_changes(rows, edit_id, changes)
    return LoggedEdit(edit_id, session_id, by, utc_ns, edit.name, edit.why, undoes, changes)


def _write(rows: Rows, changes: Sequence[ItemChange], edit_id: int) -> None:
    gone = [change.before for change in changes if change.after is None]
    _delete(rows, [item for item in gone if item is not None])
    insert_items(rows, [c.after for c in changes if c.before is None and c.after is not None], edit_id)
    changed = [c for c in changes if c.before is not None and c.after is not None and not only_became_stale(c)]
    update_items(rows, [c.after for c in changed if c.after is not None], edit_id)
    mark_stale(rows, [c.after for c in changes if c.after is not None and only_became_stale(c)], edit_id)


def _delete(rows: Rows, items: Sequence[Item]) -> None:
    """A tier goes only when it is empty: what the edit doesn't name could not be brought back."""
    tiers = [item for item in items if isinstance(item, Tier)]
    delete_items(rows, [item for item in items if not isinstance(item, Tier)])
    annotation = ITEM_TABLES["annotation"].table.c
    for tier in tiers:
        if rows.scalar(select(annotation.id).where(annotation.tier_id == tier.id).limit(1)) is not None:
            raise ConflictError([_explained(rows, Clash(ref_to(tier), (), tier))])
    delete_items(rows, tiers)


def _explained(rows: Rows, clash: Clash) -> Clash:
    """With the last edit that changed one of the fields, and who made it."""
    for version in islice(versions_of(rows, clash.item), _LOOKED_BACK):
        changed = version.before is None or version.after is None or not clash.fields
        if changed or set(differences(version.before, version.after)) & set(clash.fields):
            who = rows.scalar(select(AnnotatorRow.pseudonym).where(AnnotatorRow.id == version.by))
            return replace(clash, edit_id=version.edit_id, edit_name=version.name, who=who or "")
    return clash


def _reviews(changes: Iterable[ItemChange], by: str, utc_ns: int) -> list[ReviewRow]:
    found = []
    for change in changes:
        was = change.before.status if isinstance(change.before, Question) else ReviewStatus.PROPOSED
        if isinstance(change.after, Question) and change.after.status != was:
            row = ReviewRow(question_id=change.after.id, by=by, made_utc_ns=utc_ns, status=change.after.status)
            found.append(row)
    return found
