"""A project brought from one kind of database to the other, or out of a backup: all of it, and proven."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from storage.backends.copying import TableSum, copy_rows, sums_of
from storage.backends.faults import told
from storage.backends.port import Backend
from storage.backends.sqlite import SqliteBackend, copy_untouched
from storage.copies.lending import lent
from storage.copies.recordings import Progress, Recordings, copy_recordings, demand_room, recordings_of
from storage.media_root import set_media_root
from storage.place import FILE, Place, server_url
from storage.project import Project, empty_folder, make_rooms, refuse_network_drive
from woz.base.clock import Clock
from woz.base.errors import WozError


@dataclass(frozen=True, slots=True)
class Transfer:
    """What arrived: each table as it is in both, and the files of recordings, if they were copied."""

    folder: Path
    database: str
    tables: tuple[TableSum, ...]
    files: int
    bytes: int
    left_out: tuple[str, ...]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)


def copy_project(
    source: Path, target: Path, database: str, media: bool, clock: Clock, tell: Progress, move: bool = False
) -> Transfer:
    """Copy a project into a new folder, its rows into a file there or, with an address, onto a server.

    Without `media` the copy plays the recordings where they are. With `move` nobody can write to the source
    meanwhile, and it refuses to be opened afterwards, though all of it is still there; only a project in a file can
    be moved.
    Raises WozError, with the source as it was, where something differs or can't be written.
    """
    place = _place_for(target, database)
    with Project.open(source, clock) as project:
        if move and project.place.url:
            raise WozError(f"{source} is on a server, whose other users would not notice; copy it without --move.")
        return _copy(project, place, media, clock, tell, move)


def restore(backup: Path, target: Path, database: str, clock: Clock, tell: Progress) -> Transfer:
    """Make a project of a backup, with the recordings that it holds; the backup stays as it is.

    `backup` is a folder that a backup made, or a file such as is kept before a project is brought up to date.
    """
    if not backup.is_file():
        has_media = any((backup / "sessions").glob("*/*"))
        place = _place_for(target, database)
        with lent(backup, clock) as project:
            return _copy(project, place, has_media, clock, tell)
    if database:
        raise WozError("A backup that is one file is restored into a folder first; then use woz project copy.")
    refuse_network_drive(target)
    with empty_folder(target):
        make_rooms(target)
        copy_untouched(backup, target / FILE)
        with Project.open(target, clock) as project:
            made = sums_of(project.database.backend)
    return Transfer(target, str(target / FILE), made, 0, 0, ())


def _place_for(target: Path, database: str) -> Place:
    place = Place(target, server_url(database) if database else None)
    if place.url is None:
        refuse_network_drive(target)
    return place


def _copy(
    project: Project, place: Place, media: bool, clock: Clock, tell: Progress, move: bool = False
) -> Transfer:
    recordings = recordings_of(project) if media else Recordings(project.media_root)
    with _still(project) if move else contextlib.nullcontext(), empty_folder(place.folder):
        demand_room(place.folder, recordings.bytes)
        make_rooms(place.folder)
        copy_recordings(recordings, place.folder, tell)
        made = _copy_database(project.database.backend, place, tell)
        if not media:
            set_media_root(place.folder, project.media_root)
        _demand_same(place, made, clock)
        if move:
            replace(project.place, moved_to=str(place.folder.absolute())).write()
    return Transfer(
        place.folder, place.database().name, made, len(recordings.files), recordings.bytes, recordings.left_out
    )


@contextlib.contextmanager
def _still(project: Project) -> Iterator[None]:
    """Nobody writes to it meanwhile."""
    with project.database.transaction():
        yield


def _copy_database(source: Backend, place: Place, tell: Progress) -> tuple[TableSum, ...]:
    """A file gets its name once it is whole."""
    if place.url is None:
        part = SqliteBackend(place.folder / f"{FILE}.new")
        with contextlib.closing(part), told(part), told(source):
            made = copy_rows(source, part, tell)
        part.path.replace(place.folder / FILE)
        return made
    with contextlib.closing(place.database().backend) as target, told(target), told(source):
        made = copy_rows(source, target, tell)
    place.write()
    return made


def _demand_same(place: Place, made: tuple[TableSum, ...], clock: Clock) -> None:
    """The proof: the copy opens, and holds what was read from the source."""
    with Project.at(place, clock) as copy, told(copy.database.backend):
        if sums_of(copy.database.backend) != made:
            raise WozError(f"The copy in {place.folder} differs from the project; check its disk or its server.")
