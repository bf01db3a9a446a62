"""A project: a folder with a database and the folders of its sessions."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType

from storage.annotations import Annotations
from storage.database import Database, known_revisions
from storage.models import About
from storage.repositories import Codebooks, Events, Jobs, Participants, Procedures, Sessions, Streams, Transcripts
from woz.clock import Clock, iso_utc
from woz.errors import WozError
from woz.session import SessionId

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

        Raises WozError where the folder holds something, or can't be written.
        """
        if (path / FILE).exists():
            raise WozError(f"{path} is a project already; open it instead.")
        try:
            path.mkdir(parents=True, exist_ok=True)
            if any(path.iterdir()):
                raise WozError(f"{path} is not empty; choose a new folder for the project.")
            (path / "sessions").mkdir()
        except OSError as error:
            raise WozError(f"The project can't be made in {path} ({error.strerror}).") from error
        database = Database(path / FILE)
        database.migrate()
        with database.transaction() as rows:
            rows.add(About(id=1, name=name, made_utc_ns=clock.utc_ns()))
        return cls(path, database, clock)

    @classmethod
    def open(cls, path: Path, clock: Clock) -> Project:
        """Raises WozError for a folder that is no project, can't be written, or is of a newer version.

        A project of an older version is migrated, after a backup copy beside it.
        """
        file = path / FILE
        if not file.is_file():
            raise WozError(f"{path} is no woz project: it has no {FILE}.")
        if not os.access(path, os.W_OK) or not os.access(file, os.W_OK):
            raise WozError(f"{path} can't be written; check the folder's permissions.")
        database = Database(file)
        try:
            _bring_up_to_date(database, clock)
        except BaseException:
            database.close()
            raise
        return cls(path, database, clock)

    @property
    def name(self) -> str:
        with self._database.transaction() as rows:
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


def _bring_up_to_date(database: Database, clock: Clock) -> None:
    known, revision = known_revisions(), database.revision()
    if revision is None:
        raise WozError(f"{database.path} is no woz project: its database has no version.")
    if revision not in known:
        raise WozError(f"{database.path.parent} was made by a newer woz; update the program.")
    if revision != known[0]:
        stamp = iso_utc(clock.utc_ns()).replace(":", "")
        database.back_up(database.path.with_name(f"{FILE}.backup-{revision}-{stamp}"))
        database.migrate()
