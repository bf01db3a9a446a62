"""Edits by which work was given or taken back: the work itself stands beside the log, and isn't moved by them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session as Rows

from storage.history.log import makings, tier_changes
from storage.tables.work import AssignmentRow
from woz.annotation.logged import ItemChange
from woz.base.errors import WozError
from woz.model.tier import Tier, TierState

AS_WORK = (
    "This gave somebody work, or took it back. Do that in Work, or by woz assign, which keep the work and its tier"
    " together."
)


def moves_work(rows: Rows, changes: Iterable[ItemChange]) -> bool:
    """Whether a tier was made for somebody who was given work, or was taken away with the work."""
    return any(_gives(each) or _takes(rows, each) for each in changes)


def refuse_moving_work(rows: Rows, edit_id: int, item_id: str) -> None:
    """Raises WozError where an edit, or what it did to an item, did so: the tier would come or go alone."""
    if moves_work(rows, (each for each in tier_changes(rows, edit_id) if item_id in ("", each.item.id))):
        raise WozError(AS_WORK)


def _gives(change: ItemChange) -> bool:
    made = change.after
    return change.before is None and isinstance(made, Tier) and made.state == TierState.ASSIGNED


def _takes(rows: Rows, change: ItemChange) -> bool:
    gone = change.before
    if not isinstance(gone, Tier) or change.after is not None or not any(map(_gives, makings(rows, change.item))):
        return False
    return rows.scalar(select(AssignmentRow.id).where(AssignmentRow.tier_id == gone.id).limit(1)) is None
