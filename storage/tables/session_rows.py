"""All sessions of a project, read by columns: a statement a table, and no object a row, for any number of them."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as Rows

from storage.tables.models import Base, ProtocolRow, SessionParticipantRow, SessionRow
from storage.tables.rows import session_of
from woz.model.session import Session


def all_sessions(rows: Rows) -> list[Session]:
    """The newest first."""
    people: dict[str, list[Any]] = defaultdict(list)
    for each in rows.execute(_columns(SessionParticipantRow).order_by(SessionParticipantRow.place)):
        people[each.session_id].append(each)
    protocols = {each.session_id: each for each in rows.execute(_columns(ProtocolRow))}
    newest_first = _columns(SessionRow).order_by(SessionRow.start_utc_ns.desc(), SessionRow.id.desc())
    return [
        session_of(each, people.get(each.id, ()), protocols.get(each.id)) for each in rows.execute(newest_first)
    ]


def _columns(table: type[Base]) -> Any:
    return select(*table.__table__.columns)
