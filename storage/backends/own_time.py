"""The database's own time: one clock for all computers, whatever theirs say."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

_POSTGRESQL = text("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint * 1000")
_SQLITE = text("SELECT CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER) * 1000000")


def own_time_ns(rows: Session) -> int:
    """UTC in ns; of SQLite to the ms, of PostgreSQL to the µs."""
    postgresql = rows.get_bind().dialect.name == "postgresql"
    return int(rows.execute(_POSTGRESQL if postgresql else _SQLITE).scalar_one())
