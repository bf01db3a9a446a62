"""A project as the first woz left it, to try all migrations on where nobody has one."""

from __future__ import annotations

import contextlib
from pathlib import Path

from sqlalchemy import Connection

from storage.backends.database import Database
from storage.backends.schema import known_revisions
from storage.backends.sqlite import SqliteBackend
from storage.place import FILE
from storage.project import make_rooms

NAME = "An old kitchen"
SESSION = "20231114-221320-00aa"


def make_oldest(path: Path) -> None:
    """In a new folder, with one session, of the schema's first version. Raises WozError where it can't be made,
    OSError where the folder can't."""
    path.mkdir()
    make_rooms(path)
    with contextlib.closing(Database(SqliteBackend(path / FILE))) as database:
        database.backend.migrate(known_revisions()[-1], _fill)


def _fill(connection: Connection) -> None:
    connection.exec_driver_sql("INSERT INTO about VALUES (1, ?, 1700000000000000000)", (NAME,))
    connection.exec_driver_sql(
        "INSERT INTO session (id, title, state, start_utc_ns, duration_ns)"
        " VALUES (?, 'Anna bakes', 'closed', 1700000000000000000, 60000000000)",
        (SESSION,),
    )
