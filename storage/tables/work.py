"""The tables of work that is shared out: who does what, who is in it now, and what they say to each other."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.tables.models import Base


class AssignmentRow(Base):
    """How far the work is stands in its tier."""

    __tablename__ = "assignment"
    id: Mapped[str] = mapped_column(primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), index=True)
    tier_type: Mapped[str]
    annotator_id: Mapped[str] = mapped_column(ForeignKey("annotator.id", ondelete="CASCADE"), index=True)
    part: Mapped[str]
    tier_id: Mapped[str] = mapped_column(index=True)
    drawn: Mapped[str]
    by: Mapped[str]
    made_utc_ns: Mapped[int]
    windows: Mapped[list[AssignmentWindowRow]] = relationship(
        order_by="AssignmentWindowRow.place", cascade="all, delete-orphan", lazy="selectin"
    )


class AssignmentWindowRow(Base):
    __tablename__ = "assignment_window"
    __table_args__ = (CheckConstraint("end_ns > start_ns", name="interval"),)
    assignment_id: Mapped[str] = mapped_column(ForeignKey("assignment.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    start_ns: Mapped[int]
    end_ns: Mapped[int]


class TakenBackRow(Base):
    """Work that was taken back while its tier stays; `windows` are JSON, as `Assignment.windows`."""

    __tablename__ = "taken_back"
    assignment_id: Mapped[str] = mapped_column(primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), index=True)
    tier_id: Mapped[str] = mapped_column(index=True)
    windows: Mapped[str]


class GoldTakenBackRow(Base):
    """An adjudicator's work that was taken back, also where its tier is gone: they saw what others did."""

    __tablename__ = "gold_taken_back"
    assignment_id: Mapped[str] = mapped_column(primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), index=True)
    annotator_id: Mapped[str] = mapped_column(ForeignKey("annotator.id", ondelete="CASCADE"), index=True)
    tier_id: Mapped[str]
    tier_type: Mapped[str]


class LeaseRow(Base):
    """Times are the database's own."""

    __tablename__ = "lease"
    tier_id: Mapped[str] = mapped_column(primary_key=True)
    annotator_id: Mapped[str] = mapped_column(ForeignKey("annotator.id", ondelete="CASCADE"), index=True)
    seat: Mapped[str]
    taken_utc_ns: Mapped[int]
    renewed_utc_ns: Mapped[int]


class CommentRow(Base):
    """`recipient_id` is whom it concerns, `answers` the comment that began the talk; both may be empty."""

    __tablename__ = "comment"
    id: Mapped[str] = mapped_column(primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), index=True)
    by: Mapped[str]
    text: Mapped[str]
    made_utc_ns: Mapped[int]
    recipient_id: Mapped[str | None]
    tier_id: Mapped[str | None]
    item_kind: Mapped[str | None]
    item_id: Mapped[str | None]
    at_ns: Mapped[int | None]
    answers: Mapped[str | None] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"), index=True)
    closed_by: Mapped[str | None]
    closed_utc_ns: Mapped[int | None]


class WorkRow(Base):
    """`by` is an annotator's id or a program's name, `day` a date in UTC."""

    __tablename__ = "work"
    tier_id: Mapped[str] = mapped_column(primary_key=True)
    by: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[str] = mapped_column(primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), index=True)
    active_ns: Mapped[int]
