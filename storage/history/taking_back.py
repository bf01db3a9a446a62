"""Any edit taken back, whole or of one item; and what people took away for good."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Rows
from sqlalchemy.orm import aliased

from storage.history.log import edit_by_id
from storage.history.tombstones import GONE, has_tombstone
from storage.tables.annotators import AnnotatorRow
from storage.tables.history import EditItemRow, EditRow
from woz.annotation.beginning import without_beginnings
from woz.annotation.edits import Edit
from woz.annotation.settling import touched
from woz.base.errors import WozError
from woz.model.ids import SessionId


def taking_back(rows: Rows, session_id: SessionId, edit_id: int, item_id: str, why: str) -> tuple[Edit, int | None]:
    """The edit that takes back another, and the id of what it takes back; None where it is a part of that one."""
    row = rows.get(EditRow, edit_id)
    if row is None or row.session_id != session_id:
        raise WozError(f"{session_id} has no edit {edit_id}; woz history lists them.")
    refuse_taken_back(rows, edit_id)
    if has_tombstone(rows, edit_id):
        raise WozError(GONE)
    logged = edit_by_id(rows, edit_id)
    of_item = tuple(change for change in logged.changes if item_id in ("", change.item.id))
    if not of_item:
        raise WozError(f"Edit {edit_id} did nothing to the item {item_id}.")
    whole = {change.item for change in of_item}.issuperset(touched(without_beginnings(logged.edit)))
    inverse = replace(logged, changes=of_item).edit.inverse()
    return replace(inverse, why=why), edit_id if whole else None


def refuse_taken_back(rows: Rows, edit_id: int) -> None:
    """Raises WozError where an edit was taken back and not brought back."""
    if not _holds(rows, edit_id):
        raise WozError(f"Edit {edit_id} was taken back already.")


def _holds(rows: Rows, edit_id: int) -> bool:
    """Whether nothing that holds takes it back."""
    undoing = rows.scalars(select(EditRow.id).where(EditRow.undoes == edit_id))
    return not any(_holds(rows, each) for each in list(undoing))


def taken_away(rows: Rows, session_id: SessionId) -> set[str]:
    last = (
        select(EditItemRow.item_id, func.max(EditItemRow.edit_id).label("edit_id"))
        .join(EditRow, EditRow.id == EditItemRow.edit_id)
        .where(EditRow.session_id == session_id)
        .group_by(EditItemRow.item_id)
        .subquery()
    )
    item, edit = aliased(EditItemRow), aliased(EditRow)
    query = (
        select(item.item_id)
        .join(last, (item.item_id == last.c.item_id) & (item.edit_id == last.c.edit_id))
        .join(edit, edit.id == item.edit_id)
        .join(AnnotatorRow, AnnotatorRow.id == edit.by)
        .where(item.after.is_(None), item.before.is_not(None))
    )
    return set(rows.scalars(query))
