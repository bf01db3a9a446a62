"""Rows of the log whose content a withdrawal took away. They stay: something was done.

A tombstone says neither what was before nor what is after; no edit ever writes such a row.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session as Rows

from storage.tables.history import EditItemRow

GONE = "What this edit changed was taken away when somebody withdrew from the study; it can't be taken back."
AT_ONCE = 500
TOMBSTONE: ColumnElement[bool] = EditItemRow.before.is_(None) & EditItemRow.after.is_(None)


def has_tombstone(rows: Rows, edit_id: int) -> bool:
    """Whether an edit can't be taken back any more, since a part of it is gone."""
    here = EditItemRow.edit_id == edit_id
    return rows.scalar(select(EditItemRow.place).where(here, TOMBSTONE).limit(1)) is not None


def bury(rows: Rows, where: Collection[tuple[int, int]]) -> None:
    """Make tombstones of rows of the log, by their edit's id and their place in it."""
    places: dict[int, list[int]] = {}
    for edit_id, place in where:
        places.setdefault(edit_id, []).append(place)
    for edit_id, found in places.items():
        for at in range(0, len(found), AT_ONCE):
            here = (EditItemRow.edit_id == edit_id) & EditItemRow.place.in_(found[at : at + AT_ONCE])
            rows.execute(update(EditItemRow).where(here).values(before=None, after=None))
