"""Who marked turns as checked, by the log of edits."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session as Rows

from storage.tables.history import EditItemRow, EditRow
from storage.tables.models import TranscriptRow
from woz.model.ids import SessionId

_CHECKED = '%"checked":true%'
"""As an item's JSON has it; within a text the quotes would stand behind a backslash."""


def checkers(rows: Rows, session_id: SessionId) -> dict[str, str]:
    """The last annotator or program that marked each turn of a session, by the turn's id; others may have followed
    who marked it as unchecked.
    """
    here = select(TranscriptRow.id).where(TranscriptRow.session_id == session_id)
    before = EditItemRow.before
    query = (
        select(EditItemRow.item_id, EditRow.by)
        .join(EditRow, EditRow.id == EditItemRow.edit_id)
        .where(EditItemRow.kind == "turn", EditItemRow.owner_id.in_(here), EditItemRow.after.like(_CHECKED))
        .where(or_(before.is_(None), before.not_like(_CHECKED)))
        .order_by(EditItemRow.edit_id)
    )
    return {row.item_id: row.by for row in rows.execute(query)}
