"""Where a project is: a folder, with an SQLite file in it or with the address of a database on a server."""

from __future__ import annotations

import json
import os
import tomllib
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from storage.backends.database import Database
from storage.backends.postgresql import PostgresqlBackend
from storage.backends.sqlite import SqliteBackend
from woz.base.errors import WozError

FILE = "project.sqlite"
SETTINGS = "project.toml"
DRIVER = "postgresql+psycopg"
ENVIRONMENT = "WOZ_DATABASE_URL"


@dataclass(frozen=True, slots=True)
class Place:
    """`url` is None where the database is the folder's own file; `moved_to`, where the project went."""

    folder: Path
    url: URL | None = None
    moved_to: str = ""

    @classmethod
    def read(cls, folder: Path) -> Place | None:
        """None for a folder that is no project. Raises WozError where it can't be read."""
        try:
            text = (folder / SETTINGS).read_text(encoding="utf-8") if (folder / SETTINGS).is_file() else ""
            if not text and not (folder / FILE).is_file():
                return None
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "no text"
            raise WozError(f"{folder} can't be read ({reason}); check the folder's permissions.") from error
        said = _settings(folder / SETTINGS, text)
        url = server_url(said["database"]) if said.get("database") else None
        if url is None and not (folder / FILE).is_file():
            raise WozError(f"{folder / SETTINGS} names no database, and there is no {FILE}; copy one here.")
        return cls(folder, url, said.get("moved_to", ""))

    def write(self) -> None:
        """Keep it in the folder, without a password."""
        lines = ["# Where this project's database is. Passwords stand in ~/.pgpass."]
        if self.url is not None:
            lines.append(f"database = {_quoted(without_password(self.url).render_as_string())}")
        if self.moved_to:
            lines.append(f"moved_to = {_quoted(self.moved_to)}")
        part = self.folder / f"{SETTINGS}.part"
        part.write_text("\n".join(lines) + "\n", encoding="utf-8")
        part.replace(self.folder / SETTINGS)

    def database(self, journal: str = "WAL") -> Database:
        if self.url is None:
            return Database(SqliteBackend(self.folder / FILE, journal))
        return Database(PostgresqlBackend(_with_password(self.url)))


def server_url(text: str) -> URL:
    """Raises WozError for what is no address of a PostgreSQL database."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as error:
        raise WozError(_wrong(text)) from error
    if url.drivername not in (DRIVER, "postgresql", "postgres") or not url.database:
        raise WozError(_wrong(text))
    return url.set(drivername=DRIVER)


def without_password(url: URL) -> URL:
    shown = URL.create(url.drivername, url.username, None, url.host, url.port, url.database, url.query)
    return shown.difference_update_query(("password",))


def _wrong(text: str) -> str:
    shown = text.rpartition("@")[2]
    return f"“{shown}” is no address of a database; write {DRIVER}://USER@HOST/DATABASE."


def _with_password(url: URL) -> URL:
    """The address from the environment, where it is of the same database: it may hold a password."""
    given = os.environ.get(ENVIRONMENT)
    if not given:
        return url
    other = server_url(given)
    same = (other.host, other.port or 5432, other.database) == (url.host, url.port or 5432, url.database)
    return other if same else url


def _quoted(text: str) -> str:
    """As a basic string of TOML, whose escapes are JSON's."""
    return json.dumps(text, ensure_ascii=False)


def _settings(file: Path, text: str) -> dict[str, str]:
    try:
        said = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise WozError(f"{file} can't be read ({error}); correct it.") from error
    wrong = [name for name, value in said.items() if not isinstance(value, str)]
    if wrong:
        raise WozError(f"{file}: {wrong[0]} should be a text between quotation marks.")
    return said
