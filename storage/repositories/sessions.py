"""Recorded sessions."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session as Rows

from storage.repositories.repository import Repository
from storage.tables.models import SessionRow
from storage.tables.rows import session_row, session_value
from storage.tables.session_rows import all_sessions
from woz.base.errors import WozError
from woz.base.nearest import nearest
from woz.model.ids import SessionId
from woz.model.session import Session, SessionState


class Sessions(Repository):
    def save(self, session: Session) -> None:
        """Add it, or replace the one by its id."""
        self._save(session_row(session))

    def get(self, session_id: SessionId) -> Session:
        with self._database.snapshot() as rows:
            row = rows.get(SessionRow, session_id)
            if row is None:
                raise WozError(_no_session(rows, session_id))
            return session_value(row)

    def all(self) -> list[Session]:
        """All sessions, the newest first."""
        with self._database.snapshot() as rows:
            return all_sessions(rows)

    def titles(self) -> dict[SessionId, str]:
        """What each is called."""
        with self._database.snapshot() as rows:
            found = rows.execute(select(SessionRow.id, SessionRow.title))
            return {SessionId(session_id): title for session_id, title in found}

    def unfinished(self) -> list[Session]:
        """Those in state recording: being recorded now, or left so by a crash."""
        return [session for session in self.all() if session.state == SessionState.RECORDING]


def _no_session(rows: Rows, wanted: str) -> str:
    newest_first = rows.scalars(
        select(SessionRow.id).order_by(SessionRow.start_utc_ns.desc(), SessionRow.id.desc())
    )
    known = list(newest_first)
    if not known:
        return f"This project has no session {wanted}, nor any other yet; record one, or import one."
    near = nearest(wanted, known)
    meant = f"did you mean {near}?" if near else f"its newest is {known[0]}."
    return f"This project has no session {wanted}; {meant} The home window lists all."
