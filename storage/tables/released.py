"""The table of releases that were built from a project."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.models import Base


class ReleasedRow(Base):
    """`sessions` is JSON: the ids of the sessions that it holds something of. `path` is where it was built.
    `splits` is JSON, too, empty where an older woz built it: what it was split by, and the split of each group.
    """

    __tablename__ = "released"
    name: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(primary_key=True)
    made_utc_ns: Mapped[int]
    sessions: Mapped[str]
    splits: Mapped[str] = mapped_column(default="")
