"""A project's database as an SQLite file."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event

from storage.backends.port import Change, Fill
from storage.backends.schema import upgrade
from storage.backends.sqlite_faults import sqlite_sentence
from woz.base.errors import WozError

WAIT_S = 10
"""How long to wait for another program that is writing."""
POLL_S = 0.25
"""How often to look whether somebody wrote; it reads 4 bytes of memory that the programs share."""


class SqliteBackend:
    """`journal` is SQLite's journal mode: WAL, or DELETE where programs can't share memory."""

    def __init__(self, path: Path, journal: str = "WAL") -> None:
        self.path = path
        self.name = str(path)
        self._journal = journal

    @cached_property
    def engine(self) -> Engine:
        engine = self._engine()

        @event.listens_for(engine, "connect")
        def settings(connection: sqlite3.Connection, record: object) -> None:
            connection.execute("PRAGMA foreign_keys=ON")

        return engine

    def revision(self) -> str | None:
        """Opened so that not even the journal's mode changes."""
        with contextlib.closing(_untouched(self.path)) as connection:
            if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'alembic_version'").fetchone():
                return None
            found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            return str(found[0]) if found else None

    def is_empty(self) -> bool:
        if not self.path.exists():
            return True
        with contextlib.closing(_untouched(self.path)) as connection:
            return connection.execute("SELECT 1 FROM sqlite_schema").fetchone() is None

    def migrate(self, revision: str = "head", fill: Fill | None = None) -> None:
        """Foreign keys are off meanwhile, since a table that is made anew would take along all that refers to it
        (https://www.sqlite.org/lang_altertable.html#otheralter); they are checked before the end.
        """
        engine = self._engine(poolclass=NullPool).execution_options(writes=True)
        with engine.begin() as connection:
            upgrade(connection, revision)
            if fill:
                fill(connection)
            if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise RuntimeError(f"the migration of {self.path} to {revision} left a reference to nothing")

    def back_up(self, target: Path) -> None:
        reader, writer = sqlite3.connect(self.path, timeout=WAIT_S), sqlite3.connect(target)
        with contextlib.closing(reader), contextlib.closing(writer):
            reader.backup(writer)

    def scrub(self) -> None:
        """https://www.sqlite.org/lang_vacuum.html; the index for searching keeps words until it is made anew."""
        with contextlib.closing(sqlite3.connect(self.path, timeout=WAIT_S, isolation_level=None)) as connection:
            connection.execute("PRAGMA secure_delete=ON")
            connection.execute("INSERT INTO searchable_parts(searchable_parts) VALUES ('rebuild')")
            connection.execute("VACUUM")
            _empty_log(connection, self.name)

    def scrub_refused(self) -> str:
        return ""

    def migrate_refused(self) -> str:
        return ""

    def contradicts(self, fault: BaseException) -> bool:
        return isinstance(fault, sqlite3.IntegrityError)

    def is_away(self, fault: BaseException) -> bool:
        return False

    def is_lost(self, fault: BaseException) -> bool:
        return False

    def sentence(self, fault: BaseException) -> str | None:
        return sqlite_sentence(self.name, fault)

    def watch(self) -> SqliteWatch:
        return SqliteWatch(self.path)

    def close(self) -> None:
        if "engine" in self.__dict__:
            self.engine.dispose()

    def _engine(self, **options: Any) -> Engine:
        """Transactions are begun by the program: Python's sqlite3 begins them too late, and never for a schema."""
        url = URL.create("sqlite", database=str(self.path))
        engine = create_engine(url, connect_args={"timeout": WAIT_S}, **options)

        @event.listens_for(engine, "connect")
        def settings(connection: sqlite3.Connection, record: object) -> None:
            connection.isolation_level = None
            if self._journal != "WAL":
                _leave_shared_memory_alone(connection)
            connection.execute(f"PRAGMA journal_mode={self._journal}")
            connection.execute("PRAGMA synchronous=FULL")

        event.listen(engine, "begin", _begin)
        return engine


class SqliteWatch:
    """Hears of commits by https://www.sqlite.org/pragma.html#pragma_data_version, for one thread."""

    def __init__(self, path: Path) -> None:
        self._connection = _untouched(path)
        self._version = self._read()

    def changes(self, wait_s: float) -> list[Change]:
        until_s = time.monotonic() + wait_s
        while (version := self._read()) == self._version:
            rest_s = until_s - time.monotonic()
            if rest_s <= 0:
                return []
            time.sleep(min(POLL_S, rest_s))
        self._version = version
        return [Change()]

    def close(self) -> None:
        self._connection.close()

    def _read(self) -> int:
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])


def copy_untouched(source: Path, target: Path) -> None:
    """A whole copy of a file that perhaps may not be written, also while others write to it; none of its own bytes
    changes, and no file comes beside it but the index of a log that was left there without one.

    A file whose write-ahead log is nowhere is in nobody's hands: to read it without a log of one's own it is said
    to be immutable (https://www.sqlite.org/uri.html#uriimmutable). Raises WozError where it can't be read.
    """
    alone = "" if source.with_name(f"{source.name}-wal").exists() or not _keeps_a_log(source) else "&immutable=1"
    address = f"{source.absolute().as_uri()}?mode=ro{alone}"
    try:
        reader = sqlite3.connect(address, timeout=WAIT_S, uri=True)
        with contextlib.closing(reader), contextlib.closing(sqlite3.connect(target)) as writer:
            reader.backup(writer)
    except sqlite3.Error as error:
        raise WozError(
            sqlite_sentence(str(source), error) or f"{source} can't be read ({error}); restore a backup."
        ) from error


def _keeps_a_log(file: Path) -> bool:
    """Whether its journal is a write-ahead log
    (https://www.sqlite.org/fileformat.html#file_format_version_numbers). Raises WozError where it can't be read."""
    try:
        with file.open("rb") as opened:
            return opened.read(20)[18:19] == b"\x02"
    except OSError as error:
        raise WozError(f"{file} can't be read ({error.strerror}); check the permissions of its folder.") from error


def _empty_log(connection: sqlite3.Connection, name: str) -> None:
    """Take what the write-ahead log holds into the file, and cut the log to nothing."""
    until_s = time.monotonic() + WAIT_S
    while connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
        if time.monotonic() > until_s:
            raise WozError(f"Another program reads {name}; close it, and do this again.")
        time.sleep(POLL_S)


def _leave_shared_memory_alone(connection: sqlite3.Connection) -> None:
    """Else a file whose journal was WAL couldn't be opened on a network drive, not even to change that.

    https://www.sqlite.org/wal.html#use_of_wal_without_shared_memory
    """
    connection.execute("PRAGMA locking_mode=EXCLUSIVE")
    connection.execute("SELECT 1 FROM sqlite_schema").fetchone()
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.execute("PRAGMA locking_mode=NORMAL")
    connection.execute("SELECT 1 FROM sqlite_schema").fetchone()


def _untouched(path: Path) -> sqlite3.Connection:
    """A connection that makes no file where there is none."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", timeout=WAIT_S, uri=True, isolation_level=None)


def _begin(connection: Connection) -> None:
    if connection.get_execution_options().get("writes"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    else:
        connection.exec_driver_sql("BEGIN")
