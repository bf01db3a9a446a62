"""Opens a project's SQLite file: its settings, its schema version, migrations, faults told as WozError."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from woz.errors import WozError


class Database:
    """The engine of one project's file. Sessions are short; one may be open on each thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine = _engine(path)
        self._sessions = sessionmaker(self._engine, expire_on_commit=False)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Session]:
        """All or nothing. Raises WozError where the file can't be read or written."""
        try:
            with self._sessions.begin() as session:
                yield session
        except (OperationalError, sqlite3.OperationalError) as error:
            raise WozError(_fault(self.path, error)) from error

    def close(self) -> None:
        self._engine.dispose()

    def revision(self) -> str | None:
        with self._told(), self._engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()

    def migrate(self, revision: str = "head") -> None:
        """Bring the schema to a revision, by default to this program's own."""
        with self._told(), self._engine.begin() as connection:
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, revision)

    def back_up(self, target: Path) -> None:
        """A whole copy of the file by SQLite's own means, also while it is in use."""
        source, copy = sqlite3.connect(self.path), sqlite3.connect(target)
        with contextlib.closing(source), contextlib.closing(copy):
            source.backup(copy)

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise WozError(_fault(self.path, error)) from error


def known_revisions() -> list[str]:
    """All schema versions that this program knows, the newest first."""
    return [script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config


def _engine(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 10})

    @event.listens_for(engine, "connect")
    def settings(connection: Any, record: Any) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")

    return engine


def _fault(path: Path, error: Exception) -> str:
    cause = str(getattr(error, "orig", error))
    if "full" in cause:
        return f"The disk of {path} is full: the change was not kept; make room and try again."
    if "readonly" in cause or "read-only" in cause or "unable to open" in cause:
        return f"{path} can't be written; check the folder's permissions."
    if "not a database" in cause or "malformed" in cause:
        return f"{path} is damaged or no woz project; restore it from a backup copy."
    if "locked" in cause:
        return f"{path} is in use by another program; close that and try again."
    return f"{path} can't be used ({cause})."
