"""One project's SQLite file: its settings, transactions, schema version and migrations."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event
from sqlalchemy.orm import Session, sessionmaker

from storage.backends.faults import told

MIGRATIONS = Path(__file__).parents[1] / "migrations"
WAIT_S = 10
"""How long to wait for another program that is writing."""


class Database:
    """The engine of one project's file. Sessions are short; one may be open on each thread.

    Every method raises WozError where the file can't be read or written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine = _engine(path)
        _enforce_foreign_keys(self._engine)
        self._readers = sessionmaker(self._engine)
        self._writers = sessionmaker(self._engine.execution_options(writes=True))

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[Session]:
        """One unchanging state of the file, to read from."""
        with told(self.path), self._readers.begin() as session:
            yield session

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Session]:
        """All or nothing, and alone: nobody else writes between its reads and its writes.

        References are checked at its end, so rows may come in any order. Raises ContradictionError where what is
        stored doesn't fit together.
        """
        with told(self.path), self._writers.begin() as session:
            yield session

    def close(self) -> None:
        self._engine.dispose()

    def revision(self) -> str | None:
        """The schema's version, or None where the file has none; changes nothing, not even the journal's mode."""
        uri = f"{self.path.absolute().as_uri()}?mode=rw"
        with told(self.path), contextlib.closing(sqlite3.connect(uri, timeout=WAIT_S, uri=True)) as connection:
            if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'alembic_version'").fetchone():
                return None
            found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            return str(found[0]) if found else None

    def migrate(self, revision: str = "head") -> None:
        """Bring the schema to a revision, by default to this program's own, in one transaction.

        Foreign keys are off meanwhile, since a table that is made anew would take along all that refers to it
        (https://www.sqlite.org/lang_altertable.html#otheralter); they are checked before the end.
        """
        engine = _engine(self.path, poolclass=NullPool).execution_options(writes=True)
        with told(self.path), engine.begin() as connection:
            _upgrade(connection, revision)
            if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise RuntimeError(f"the migration of {self.path} to {revision} left a reference to nothing")

    def back_up(self, target: Path) -> None:
        """A whole copy of the file by SQLite's own means, also while it is in use."""
        part = target.with_name(f"{target.name}.part")
        try:
            with told(self.path):
                _copy(self.path, part)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)


def known_revisions() -> list[str]:
    """All schema versions that this program knows, the newest first, as their files are named."""
    return sorted((path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py")), reverse=True)


def _copy(source: Path, target: Path) -> None:
    reader, writer = sqlite3.connect(source, timeout=WAIT_S), sqlite3.connect(target)
    with contextlib.closing(reader), contextlib.closing(writer):
        reader.backup(writer)


def _upgrade(connection: Connection, revision: str) -> None:
    """Alembic is imported only here, since it takes half as long as all else of a start."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _engine(path: Path, **options: Any) -> Engine:
    """Transactions are begun by the program, since Python's sqlite3 begins them too late and never for a schema."""
    url = URL.create("sqlite", database=str(path))
    engine = create_engine(url, connect_args={"timeout": WAIT_S}, **options)

    @event.listens_for(engine, "connect")
    def settings(connection: sqlite3.Connection, record: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("writes"):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        else:
            connection.exec_driver_sql("BEGIN")

    return engine


def _enforce_foreign_keys(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def settings(connection: sqlite3.Connection, record: object) -> None:
        connection.execute("PRAGMA foreign_keys=ON")
