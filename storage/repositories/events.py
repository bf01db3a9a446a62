"""The events of sessions."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, select

from storage.repositories.repository import Repository
from storage.tables.models import EventRow
from storage.tables.rows import event_row, event_value
from woz.model.events import Event, EventKind
from woz.model.ids import SessionId


class Events(Repository):
    def append(self, session_id: SessionId, events: Iterable[Event]) -> None:
        """Add events to those that a session has."""
        new = [event_row(session_id, event) for event in events]
        with self._database.transaction() as rows:
            rows.add_all(new)

    def replace(self, session_id: SessionId, events: Iterable[Event]) -> None:
        """Make these the events of a session: the journal is the truth, and may be read in again."""
        new = [event_row(session_id, event) for event in events]
        with self._database.transaction() as rows:
            rows.execute(delete(EventRow).where(EventRow.session_id == session_id))
            rows.add_all(new)

    def of_session(self, session_id: SessionId, kind: EventKind | None = None) -> list[Event]:
        """By time, of one kind or of all."""
        query = select(EventRow).where(EventRow.session_id == session_id).order_by(EventRow.t_ns, EventRow.id)
        if kind is not None:
            query = query.where(EventRow.kind == kind)
        with self._database.snapshot() as rows:
            return [event_value(row) for row in rows.scalars(query)]

    def of_kind(self, kind: EventKind) -> list[tuple[SessionId, Event]]:
        """Of all sessions, in each by time."""
        query = (
            select(EventRow).where(EventRow.kind == kind).order_by(EventRow.session_id, EventRow.t_ns, EventRow.id)
        )
        with self._database.snapshot() as rows:
            return [(SessionId(each.session_id), event_value(each)) for each in rows.scalars(query)]
