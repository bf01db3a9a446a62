"""The table of schemes, a row a version."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.models import Base


class SchemeRow(Base):
    """`data` is the whole scheme as JSON."""

    __tablename__ = "scheme"
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    data: Mapped[str]
