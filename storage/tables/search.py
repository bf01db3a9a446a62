"""The words of items, as they are searched: a row a text, kept current in the transaction that changes the item.

Each database has an index of its own over them, which triggers or the database itself keep.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import ForeignKey, Index, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm import Session as Rows

from storage.tables.grams import grams
from storage.tables.models import Base, TranscriptRow
from woz.annotation.texts import texts_of
from woz.model.item import kind_of
from woz.model.kinds import Item

AT_ONCE = 500


class SearchableRow(Base):
    """`owner_id` is the item's tier, transcript or session, `field` the item's field that the text stands in."""

    __tablename__ = "searchable"
    __table_args__ = (Index("ix_searchable_item_id", "item_id"), Index("ix_searchable_session_id", "session_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"))
    owner_id: Mapped[str]
    kind: Mapped[str]
    item_id: Mapped[str]
    field: Mapped[str]
    grams: Mapped[str]


def index_items(rows: Rows, items: Sequence[Item]) -> None:
    """Make the words of new items searchable."""
    found = [row for item in items for row in _texts(item)]
    if found:
        sessions = _sessions(rows, {row["owner_id"] for row in found})
        rows.execute(insert(SearchableRow), [{**row, "session_id": sessions[row["owner_id"]]} for row in found])


def forget_items(rows: Rows, items: Sequence[Item]) -> None:
    """Take away the words of items that change, or go."""
    ids = [str(item.id) for item in items]
    for at in range(0, len(ids), AT_ONCE):
        rows.execute(delete(SearchableRow).where(SearchableRow.item_id.in_(ids[at : at + AT_ONCE])))


def _texts(item: Item) -> Iterator[dict[str, Any]]:
    kind = kind_of(item)
    for field, text in texts_of(item):
        if parts := grams(text):
            yield {
                "owner_id": kind.owner_of(item),
                "kind": kind.name,
                "item_id": str(item.id),
                "field": field,
                "grams": parts,
            }


def _sessions(rows: Rows, owners: Iterable[str]) -> dict[str, str]:
    """Of which session each tier and transcript is; a session is its own."""
    tier = Base.metadata.tables["tier"].c
    known = {owner: owner for owner in owners}
    names = sorted(known)
    for at in range(0, len(names), AT_ONCE):
        part = names[at : at + AT_ONCE]
        for query in (
            select(tier.id, tier.session_id).where(tier.id.in_(part)),
            select(TranscriptRow.id, TranscriptRow.session_id).where(TranscriptRow.id.in_(part)),
        ):
            known.update((owner, session) for owner, session in rows.execute(query))
    return known
