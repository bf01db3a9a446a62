"""A project's tables made once by the migrations, and copied for each later project in a file of this process."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from storage.backends import sqlite
from storage.backends.port import Fill
from storage.backends.schema import known_revisions, upgrade
from storage.backends.sqlite import SqliteBackend

MIGRATE = SqliteBackend.migrate
"""For a test of the migrations' own way to an empty file's tables."""


@contextlib.contextmanager
def copied_schema() -> Iterator[None]:
    """Only where all migrations would run on an empty file: others run as ever."""
    with tempfile.TemporaryDirectory(prefix="woz-schema-") as folder, pytest.MonkeyPatch.context() as patch:
        made = Path(folder) / "made"

        def migrate(self: SqliteBackend, revision: str = "head", fill: Fill | None = None) -> None:
            if _is_newest(revision) and self.is_empty():
                if not made.exists():
                    MIGRATE(SqliteBackend(made))
                shutil.copyfile(made, self.path)
            MIGRATE(self, revision, fill)

        patch.setattr(SqliteBackend, "migrate", migrate)
        patch.setattr(sqlite, "upgrade", _upgrade)
        yield


def _upgrade(connection: Connection, revision: str) -> None:
    """Nothing where nothing is to be done, which Alembic takes long to find out."""
    if not _is_newest(revision) or _revision(connection) != known_revisions()[0]:
        upgrade(connection, revision)


def _is_newest(revision: str) -> bool:
    return revision in ("head", known_revisions()[0])


def _revision(connection: Connection) -> str | None:
    versioned = "SELECT 1 FROM sqlite_schema WHERE name = 'alembic_version'"
    if connection.exec_driver_sql(versioned).first() is None:
        return None
    return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one())
