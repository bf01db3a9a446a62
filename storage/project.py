"""A project: a folder with a database and the folders of its sessions."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from types import TracebackType

from storage.backends.database import Database, known_revisions
from storage.repositories.annotations import Annotations
from storage.repositories.codebooks import Codebooks
from storage.repositories.events import Events
from storage.repositories.jobs import Jobs
from storage.repositories.participants import Participants
from storage.repositories.procedures import Procedures
from storage.repositories.sessions import Sessions
from storage.repositories.streams import Streams
from storage.repositories.transcripts import Transcripts
from storage.tables.models import About
from woz.base.clock import Clock, iso_utc
from woz.base.errors import WozError
from woz.model.ids import SessionId

FILE = "project.sqlite"


class Project:
    """An open project. Its repositories may be used from the window's thread and one worker."""

    def __init__(self, path: Path, database: Database, clock: Clock) -> None:
        self.path = path
        self._database = database
        self.sessions = Sessions(database)
        self.participants = Participants(database)
        self.procedures = Procedures(database)
        self.streams = Streams(database)
        self.events = Events(database)
        self.transcripts = Transcripts(database)
        self.codebooks = Codebooks(database)
        self.jobs = Jobs(database)
        self.annotations = Annotations(database, clock)

    @classmethod
    def create(cls, path: Path, name: str, clock: Clock) -> Project:
        """A new project in a new or empty folder.

        Raises WozError, and leaves what was there as it was, where the folder holds something or can't be written.
        """
        if cls.is_project(path):
            raise WozError(f"{path} is a project already; open it instead.")
        new = not path.exists()
        try:
            path.mkdir(parents=True, exist_ok=True)
            if any(path.iterdir()):
                raise WozError(f"{path} is not empty; choose a new folder for the project.")
        except OSError as error:
            raise WozError(f"The project can't be made in {path} ({error.strerror}); choose another.") from error
        try:
            _found(path, name, clock)
        except BaseException:
            _clear(path, new)
            raise
        return cls(path, Database(path / FILE), clock)

    @classmethod
    def open(cls, path: Path, clock: Clock) -> Project:
        """Raises WozError for a folder that is no project, can't be written, or is of a newer version.

        A project of an older version is migrated, after a backup copy beside it.
        """
        if not cls.is_project(path):
            lack = f"it has no {FILE}" if path.is_dir() else "there is no such folder"
            raise WozError(
                f"{path} is no woz project: {lack}; choose another folder, or make one with woz station."
            )
        file = path / FILE
        if not os.access(path, os.W_OK) or not os.access(file, os.W_OK):
            raise WozError(f"{path} can't be written; check the folder's permissions.")
        database = Database(file)
        _bring_up_to_date(database, clock)
        return cls(path, database, clock)

    @staticmethod
    def is_project(path: Path) -> bool:
        """Whether a folder holds a project's database. Raises WozError where it may not be looked into."""
        try:
            return (path / FILE).is_file()
        except OSError as error:
            raise WozError(f"{path} can't be read ({error.strerror}); check the folder's permissions.") from error

    @property
    def name(self) -> str:
        with self._database.snapshot() as rows:
            about = rows.get(About, 1)
            return about.name if about else self.path.name

    @property
    def sessions_dir(self) -> Path:
        return self.path / "sessions"

    def session_dir(self, session_id: SessionId) -> Path:
        return self.sessions_dir / session_id

    def close(self) -> None:
        self._database.close()

    def __enter__(self) -> Project:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _found(path: Path, name: str, clock: Clock) -> None:
    """The database gets its name once it is whole, so that no half-made one passes for a project."""
    try:
        (path / "sessions").mkdir()
    except OSError as error:
        raise WozError(f"The project can't be made in {path} ({error.strerror}); choose another.") from error
    with contextlib.closing(Database(path / f"{FILE}.new")) as database:
        database.migrate()
        with database.transaction() as rows:
            rows.add(About(id=1, name=name, made_utc_ns=clock.utc_ns()))
    database.path.replace(path / FILE)


def _clear(path: Path, folder_too: bool) -> None:
    """Take away what a project that could not be made left behind."""
    for left in path.glob(f"{FILE}*"):
        left.unlink()
    with contextlib.suppress(OSError):
        (path / "sessions").rmdir()
        if folder_too:
            path.rmdir()


def _bring_up_to_date(database: Database, clock: Clock) -> None:
    known, revision = known_revisions(), database.revision()
    if revision is None:
        raise WozError(f"{database.path} is not a woz project's database; choose another folder.")
    if revision not in known:
        raise WozError(f"{database.path.parent} was made by a newer woz; update the program.")
    if revision != known[0]:
        stamp = iso_utc(clock.utc_ns()).replace(":", "")
        database.back_up(database.path.with_name(f"{FILE}.backup-{revision}-{stamp}"))
        database.migrate()
