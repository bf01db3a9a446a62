"""A project: a folder with a database, or with the address of one, and the folders of its sessions."""

from __future__ import annotations

import contextlib
import copy
import logging
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from sqlalchemy import Connection, insert, select

from storage.backends.database import Database
from storage.backends.in_use import InUse
from storage.backends.mounts import network_mount
from storage.backends.port import Fill
from storage.backends.schema import known_revisions
from storage.backends.sqlite import SqliteBackend
from storage.history.viewer import Viewer
from storage.media_root import media_root
from storage.place import FILE, SETTINGS, Place, server_url
from storage.repositories.annotations import Annotations
from storage.repositories.annotators import Annotators
from storage.repositories.assignments import Assignments
from storage.repositories.blurring import Blurring
from storage.repositories.comments import Comments
from storage.repositories.events import Events
from storage.repositories.imports import Imports
from storage.repositories.jobs import Jobs
from storage.repositories.keeping import Keeping
from storage.repositories.leases import Leases
from storage.repositories.library import Library
from storage.repositories.logins import Logins
from storage.repositories.names import Names
from storage.repositories.packages import Packages
from storage.repositories.participants import Participants
from storage.repositories.procedures import Procedures
from storage.repositories.question_work import QuestionWork
from storage.repositories.releases import Releases
from storage.repositories.reviews import Reviews
from storage.repositories.schemes import Schemes
from storage.repositories.search import Search
from storage.repositories.sessions import Sessions
from storage.repositories.streams import Streams
from storage.repositories.transcripts import Transcripts
from storage.repositories.voice_masking import VoiceMasking
from storage.repositories.withdrawals import Withdrawals
from storage.repositories.work import WorkDone
from storage.tables.models import About
from woz.base.clock import Clock, iso_utc
from woz.base.errors import WozError
from woz.model.ids import AnnotatorId, SessionId

log = logging.getLogger(__name__)


class Project:
    """An open project. Its repositories may be used from any thread but the window's."""

    def __init__(self, place: Place, database: Database, clock: Clock, mark: InUse | None = None) -> None:
        self.place = place
        self.path = place.folder
        self.database = database
        self._mark = mark
        self._clock = clock
        self.media_root = media_root(place.folder)
        """The folder under which this computer finds the recordings."""
        self.sessions = Sessions(database)
        self.participants = Participants(database)
        self.procedures = Procedures(database)
        self.streams = Streams(database)
        self.events = Events(database)
        self.transcripts = Transcripts(database)
        self.schemes = Schemes(database)
        self.annotators = Annotators(database)
        self.logins = Logins(database)
        self.jobs = Jobs(database)
        self.imports = Imports(database)
        self.leases = Leases(database)
        self.withdrawals = Withdrawals(database, clock)
        self.work = WorkDone(database)
        self.blurring = Blurring(database)
        self.voice_masking = VoiceMasking(database)
        self.names = Names(database)
        self.releases = Releases(database)
        self.keeping = Keeping(database)
        self.reviews = Reviews(database, clock)
        self._show(Viewer())

    @classmethod
    def create(cls, path: Path, name: str, clock: Clock, database: str = "") -> Project:
        """A new project in a new or empty folder, its rows in a file there or in an empty database on a server.

        `database` is a server's address; where a project lies there already, the folder becomes another door to it.
        Raises WozError, and leaves what was there as it was, where the folder or the database holds something else,
        or can't be written.
        """
        place = Place(path, server_url(database) if database else None)
        if place.url is None:
            refuse_network_drive(path)
        with empty_folder(path):
            if place.url is None:
                _found_file(path, name, clock)
            else:
                _found_on_server(place, name, clock)
        return cls.at(place, clock)

    @classmethod
    def open(cls, path: Path, clock: Clock) -> Project:
        """Raises WozError for a folder that is no project, can't be written, or is of a newer version.

        A project of an older version is migrated, after a backup copy beside it.
        """
        place = Place.read(path)
        if place is None:
            lack = f"it has no {FILE}" if path.is_dir() else "there is no such folder"
            raise WozError(f"{path} is no woz project: {lack}; choose another folder, or make one with woz new.")
        if place.moved_to:
            raise WozError(f"{path} was moved to {place.moved_to}; open it there.")
        opened = cls.at(place, clock)
        for warning in opened.warnings:
            log.warning("%s", warning)
        return opened

    @classmethod
    def at(cls, place: Place, clock: Clock) -> Project:
        """The same for a place that is known, perhaps with a password that is kept nowhere.

        Who logs in on a server as an annotator sees it as that annotator.
        """
        path = place.folder
        if place.url is None and not (os.access(path, os.W_OK) and os.access(path / FILE, os.W_OK)):
            raise WozError(f"{path} can't be written; check the folder's permissions.")
        shared = place.url is None and network_mount(path)
        mark = InUse(path / FILE) if shared else None
        if mark:
            mark.take()
        database = place.database("DELETE" if shared else "WAL")
        try:
            _bring_up_to_date(place, database, clock)
            opened = cls(place, database, clock, mark)
            opened._show_whoever_logs_in()
            return opened
        except BaseException:
            database.close()
            if mark:
                mark.release()
            raise

    @staticmethod
    def is_project(path: Path) -> bool:
        """Whether a folder holds a project. Raises WozError where it may not be looked into."""
        try:
            return (path / FILE).is_file() or (path / SETTINGS).is_file()
        except OSError as error:
            raise WozError(f"{path} can't be read ({error.strerror}); check the folder's permissions.") from error

    @property
    def name(self) -> str:
        with self.database.snapshot() as rows:
            about = rows.get(About, 1)
            return about.name if about else self.path.name

    @property
    def made_utc_ns(self) -> int:
        """When it was made; its copies keep that."""
        with self.database.snapshot() as rows:
            return rows.scalars(select(About.made_utc_ns)).one()

    @property
    def sessions_dir(self) -> Path:
        return self.media_root / "sessions"

    def session_dir(self, session_id: SessionId) -> Path:
        return self.sessions_dir / session_id

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should know of where this project lies."""
        said = []
        if self._mark:
            said.append(
                f"{self.path} lies on a network drive: only one computer at a time can open it, and a cut"
                " connection may damage it. Move it to a PostgreSQL server with woz project copy."
            )
        if not self.media_root.is_dir():
            said.append(
                f"The recordings are looked for in {self.media_root}, which isn't there: nothing can be played."
                " Connect its disk, or name another folder with woz project media-root."
            )
        return tuple(said)

    def at_once(self) -> contextlib.AbstractContextManager[None]:
        """What this thread writes inside is kept as a whole at the end, or not at all."""
        return self.database.at_once()

    def seen_by(self, annotator_id: AnnotatorId) -> Project:
        """The same project, open as long as this one: none of its ports gives what an annotator is blind to.

        Raises WozError for a login that may not look as them.
        """
        return self._shown(Viewer(self._viewer.reads_as(annotator_id), self._viewer.login))

    def whole(self) -> Project:
        """As `woz.lab.ports.Project` says."""
        return self._shown(Viewer("", self._viewer.login))

    @property
    def viewer(self) -> AnnotatorId | None:
        """As `woz.lab.ports.Project` says."""
        return AnnotatorId(self._viewer.id) if self._viewer.id else None

    def _shown(self, viewer: Viewer) -> Project:
        view = copy.copy(self)
        view._show(viewer)
        return view

    def _show_whoever_logs_in(self) -> None:
        if own := self.logins.mine():
            self._show(Viewer(own, self.annotators.get(own)))

    def _show(self, viewer: Viewer) -> None:
        self._viewer = viewer
        self.annotations = Annotations(self.database, self._clock, viewer)
        self.assignments = Assignments(self.database, self._clock, viewer)
        self.comments = Comments(self.database, viewer)
        self.question_work = QuestionWork(self.database, viewer)
        self.search = Search(self.database, viewer)
        self.library = Library(self.database, viewer)
        self.packages = Packages(self.database, viewer)

    def close(self) -> None:
        self.database.close()
        if self._mark:
            self._mark.release()

    def __enter__(self) -> Project:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_or_make(path: Path, clock: Clock) -> Project:
    """The project in a folder; a new one where the folder is new or empty. Raises WozError otherwise."""
    if path.is_dir() and any(path.iterdir()):
        return Project.open(path, clock)
    return Project.create(path, path.name, clock)


@contextlib.contextmanager
def filled_or_unmade(path: Path, clock: Clock) -> Iterator[Project]:
    """The same, to put something in: a project that was made for it goes again where that fails."""
    new = not path.exists()
    made = not Project.is_project(path)
    with open_or_make(path, clock) as project:
        try:
            yield project
        except BaseException:
            project.close()
            if made:
                _clear(path, new)
            raise


@contextlib.contextmanager
def empty_folder(path: Path) -> Iterator[None]:
    """A new or empty folder to make a project in; what was made there goes again where that fails."""
    if Project.is_project(path):
        raise WozError(f"{path} is a project already; open it instead.")
    new = not path.exists()
    try:
        path.mkdir(parents=True, exist_ok=True)
        if any(path.iterdir()):
            raise WozError(f"{path} is not empty; choose a new folder for the project.")
    except OSError as error:
        raise WozError(f"The project can't be made in {path} ({error.strerror}); choose another.") from error
    try:
        yield
    except BaseException:
        _clear(path, new)
        raise


def make_rooms(path: Path) -> None:
    """The folder of the recordings."""
    try:
        (path / "sessions").mkdir()
    except OSError as error:
        raise WozError(f"The project can't be made in {path} ({error.strerror}); choose another.") from error


def refuse_network_drive(path: Path) -> None:
    """Raises WozError where two computers could write to one SQLite file at once."""
    if kind := network_mount(path):
        raise WozError(
            f"{path} lies on a network drive ({kind}), where SQLite files get damaged; choose a folder of this"
            " computer, or keep the project on a PostgreSQL server with woz new --database."
        )


def _found_file(path: Path, name: str, clock: Clock) -> None:
    """The database gets its name once it is whole, so that no half-made one passes for a project."""
    make_rooms(path)
    part = path / f"{FILE}.new"
    with contextlib.closing(Database(SqliteBackend(part))) as database:
        database.migrate(fill=_naming(name, clock))
    part.replace(path / FILE)


def _found_on_server(place: Place, name: str, clock: Clock) -> None:
    make_rooms(place.folder)
    with contextlib.closing(place.database()) as database:
        if database.is_empty():
            database.migrate(fill=_naming(name, clock))
        elif database.revision() is None:
            raise WozError(f"{_capital(database.name)} holds other tables; make one of its own with createdb.")
    place.write()


def _naming(name: str, clock: Clock) -> Fill:
    def fill(connection: Connection) -> None:
        connection.execute(insert(About), {"id": 1, "name": name, "made_utc_ns": clock.utc_ns()})

    return fill


def _clear(path: Path, folder_too: bool) -> None:
    """Take away what a project that could not be made left behind."""
    for left in (*path.glob(f"{FILE}*"), *path.glob(f"{SETTINGS}*")):
        left.unlink()
    shutil.rmtree(path / "sessions", ignore_errors=True)
    if folder_too:
        with contextlib.suppress(OSError):
            path.rmdir()


def _bring_up_to_date(place: Place, database: Database, clock: Clock) -> None:
    known, revision = known_revisions(), database.revision()
    if revision is None:
        raise WozError(f"{_capital(database.name)} is not a woz project's database; choose another.")
    if revision not in known:
        raise WozError(f"{place.folder} was made by a newer woz; update the program.")
    if revision != known[0]:
        if refused := database.migrate_refused():
            raise WozError(refused)
        stamp = iso_utc(clock.utc_ns()).replace(":", "")
        _migrate(database, revision, place.folder / f"{FILE}.backup-{revision}-{stamp}")


def _migrate(database: Database, revision: str, backup: Path) -> None:
    """The copy of before goes again where all stayed as it was, as the next try would make another."""
    database.back_up(backup)
    try:
        database.migrate()
    except BaseException:
        with contextlib.suppress(WozError, OSError):
            if database.revision() == revision:
                backup.unlink()
        raise


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
