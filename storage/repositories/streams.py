"""The recorded streams of sessions."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, select

from storage.repositories.repository import Repository
from storage.tables.models import StreamRow
from storage.tables.rows import stream_row, stream_value
from woz.model.ids import SessionId
from woz.model.stream import Stream


class Streams(Repository):
    def replace(self, session_id: SessionId, streams: Iterable[Stream]) -> None:
        """Make these the streams of a session."""
        new = [stream_row(stream) for stream in streams]
        with self._database.transaction() as rows:
            rows.execute(delete(StreamRow).where(StreamRow.session_id == session_id))
            rows.add_all(new)

    def of_session(self, session_id: SessionId) -> list[Stream]:
        """By path and track."""
        query = (
            select(StreamRow).where(StreamRow.session_id == session_id).order_by(StreamRow.path, StreamRow.track)
        )
        with self._database.snapshot() as rows:
            return [stream_value(row) for row in rows.scalars(query)]
