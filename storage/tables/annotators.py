"""The tables of those who annotate."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.models import Base


class AnnotatorRow(Base):
    """`roles` is JSON."""

    __tablename__ = "annotator"
    id: Mapped[str] = mapped_column(primary_key=True)
    pseudonym: Mapped[str] = mapped_column(unique=True)
    roles: Mapped[str]
    retired: Mapped[bool]


class AnnotatorKeyRow(Base):
    """Whose a login of the server is, or an account of a project that knew accounts only. No export reads it."""

    __tablename__ = "annotator_key"
    account: Mapped[str] = mapped_column(primary_key=True)
    annotator_id: Mapped[str] = mapped_column(ForeignKey("annotator.id", ondelete="CASCADE"), index=True)


class BlindScopeRow(Base):
    """`hidden` says whose work isn't seen; `scheme_id` is empty where a scope holds for every scheme."""

    __tablename__ = "blind_scope"
    __table_args__ = (CheckConstraint("end_ns >= start_ns", name="interval"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    annotator_id: Mapped[str] = mapped_column(ForeignKey("annotator.id", ondelete="CASCADE"), index=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), index=True)
    tier_type: Mapped[str]
    start_ns: Mapped[int | None]
    end_ns: Mapped[int | None]
    hidden: Mapped[str]
    scheme_id: Mapped[str]
