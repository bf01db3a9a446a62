"""How long people worked on tiers, by day; a project can leave it unmeasured."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from storage.repositories.repository import Repository
from storage.tables.models import About
from storage.tables.work import WorkRow
from woz.model.ids import SessionId, TierId
from woz.model.work import Work


class WorkDone(Repository):
    """All in nanoseconds of active time; what is added to the same tier, person and day becomes one row."""

    @property
    def measured(self) -> bool:
        """Whether this project measures it."""
        with self._database.snapshot() as rows:
            return bool(rows.scalar(select(About.measures_work)))

    def measure(self, on: bool) -> None:
        """From now on; what was measured stays."""
        with self._database.transaction() as rows:
            rows.execute(update(About).values(measures_work=on))

    def add(self, pieces: Iterable[Work]) -> None:
        """Nothing where the project doesn't measure it."""
        with self._database.transaction() as rows:
            if not rows.scalar(select(About.measures_work)):
                return
            for piece in pieces:
                add_work(rows, piece)

    def all(self, session_id: SessionId | None = None, by: str = "") -> list[Work]:
        """Of a session or of all, of one person or of all; by day, then tier and person."""
        query = select(WorkRow).order_by(WorkRow.day, WorkRow.tier_id, WorkRow.by)
        if session_id is not None:
            query = query.where(WorkRow.session_id == session_id)
        if by:
            query = query.where(WorkRow.by == by)
        with self._database.snapshot() as rows:
            return [
                Work(SessionId(row.session_id), TierId(row.tier_id), row.by, row.day, row.active_ns)
                for row in rows.scalars(query)
            ]


def add_work(rows: Session, piece: Work) -> None:
    """To the row of the same tier, person and day."""
    row = rows.get(WorkRow, (piece.tier_id, piece.by, piece.day), with_for_update=True)
    if row is not None:
        row.active_ns += piece.active_ns
        return
    made = {"session_id": piece.session_id, "tier_id": piece.tier_id, "by": piece.by, "day": piece.day}
    rows.add(WorkRow(**made, active_ns=piece.active_ns))
