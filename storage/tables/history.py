"""The tables of the edit log: one row an edit, one a thing that it changed."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.models import Base


class EditRow(Base):
    """`by` is an annotator's id or a program's name; `undoes` the edit that it takes back."""

    __tablename__ = "edit"
    __table_args__ = (Index("ix_edit_session_id_id", "session_id", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"))
    by: Mapped[str]
    made_utc_ns: Mapped[int]
    name: Mapped[str]
    why: Mapped[str]
    undoes: Mapped[int | None]


class EditItemRow(Base):
    """What an edit made of an item, as JSON; empty where it wasn't before, or isn't any more.

    `owner_id` is what the item belongs to: its tier, transcript, session or procedure.
    """

    __tablename__ = "edit_item"
    __table_args__ = (
        Index("ix_edit_item_item_id_edit_id", "item_id", "edit_id"),
        Index("ix_edit_item_owner_id_edit_id", "owner_id", "edit_id"),
    )
    edit_id: Mapped[int] = mapped_column(ForeignKey("edit.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    item_id: Mapped[str]
    owner_id: Mapped[str]
    before: Mapped[str | None]
    after: Mapped[str | None]
