"""Where something was found, before it is read."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from storage.tables.models import TranscriptRow


class Place(NamedTuple):
    """`field` is "label" where the label was found."""

    session_id: str
    kind: str
    item_id: str
    field: str


def superseded(owner_id: Any) -> ColumnElement[bool]:
    """Whether an owner is a transcript in whose place a newer one of its session stands."""
    own, newer = aliased(TranscriptRow), aliased(TranscriptRow)
    later = or_(newer.made_utc_ns > own.made_utc_ns, and_(newer.made_utc_ns == own.made_utc_ns, newer.id > own.id))
    return select(own.id).join(newer, newer.session_id == own.session_id).where(own.id == owner_id, later).exists()
