"""The tables of packages for annotators who work elsewhere."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.models import Base


class PackageRow(Base):
    """`sessions` and `holds` are JSON, `until` is a date."""

    __tablename__ = "package"
    id: Mapped[str] = mapped_column(primary_key=True)
    annotator_id: Mapped[str]
    pseudonym: Mapped[str]
    sessions: Mapped[str]
    holds: Mapped[str]
    made_utc_ns: Mapped[int]
    by: Mapped[str]
    until: Mapped[str]
    because: Mapped[str]
    returned_utc_ns: Mapped[int | None]
    deleted_utc_ns: Mapped[int | None]


class PackageSecretRow(Base):
    """The age identity that opens what comes back."""

    __tablename__ = "package_secret"
    package_id: Mapped[str] = mapped_column(ForeignKey("package.id", ondelete="CASCADE"), primary_key=True)
    secret: Mapped[str]


class PackageEditRow(Base):
    """An edit that came back, by its number in the package, and as which it is here; empty where passed over."""

    __tablename__ = "package_edit"
    package_id: Mapped[str] = mapped_column(ForeignKey("package.id", ondelete="CASCADE"), primary_key=True)
    nr: Mapped[int] = mapped_column(primary_key=True)
    taken_as: Mapped[int | None]


class PackageWorkRow(Base):
    """How much of the work that came back was taken, by tier and day (a date in UTC)."""

    __tablename__ = "package_work"
    package_id: Mapped[str] = mapped_column(ForeignKey("package.id", ondelete="CASCADE"), primary_key=True)
    tier_id: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[str] = mapped_column(primary_key=True)
    active_ns: Mapped[int]
