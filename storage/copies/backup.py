"""A whole, checked copy of a project in another folder; it can be opened as a project itself."""

from __future__ import annotations

import contextlib
import datetime
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from storage.backends.copying import demand_whole
from storage.backends.database import Database
from storage.backends.sqlite import SqliteBackend
from storage.copies.recordings import Progress, Recordings, copy_recordings, demand_room, recordings_of
from storage.place import FILE, Place
from storage.project import Project
from storage.tables.models import About
from woz.base.clock import Clock, iso_utc
from woz.base.errors import WozError

_STAMP = re.compile(r"-(\d{4}-\d\d-\d\dT\d{6})\.\d+Z$")
"""How the folder of a copy ends: the time at which it was made (UTC)."""


@dataclass(frozen=True, slots=True)
class Backup:
    """Where the copy lies, and how many files and bytes of recordings it holds beside the database.

    `left_out` are the folders of sessions that were being recorded, whose files weren't copied.
    """

    folder: Path
    files: int
    bytes: int
    left_out: tuple[str, ...] = ()


def back_up(project: Project, target: Path, media: bool, clock: Clock, tell: Progress) -> Backup:
    """Copy the database, and with `media` all finished recordings, into a new folder in `target`; read all back.

    The copy of a database on a server is a file, too. Raises WozError, with nothing left in `target`, where there
    is too little room, where something can't be copied or differs from its original, and where `target` lies in the
    project.
    """
    if target.resolve().is_relative_to(project.path.resolve()):
        raise WozError(f"{target} lies in the project itself; choose a folder elsewhere, best on another disk.")
    stamp = iso_utc(clock.utc_ns()).replace(":", "")
    folder = target / f"{project.path.name}-{stamp}"
    recordings = recordings_of(project) if media else Recordings(project.media_root)
    part = folder.with_name(f"{folder.name}.part")
    try:
        (part / "sessions").mkdir(parents=True)
        demand_room(part, recordings.bytes + _database_bytes(project))
        tell(0, "the database")
        project.database.back_up(part / FILE)
        demand_whole(part / FILE)
        copy_recordings(recordings, part, tell)
        _demand_openable(part, project, clock)
        part.rename(folder)
    except OSError as error:
        raise WozError(
            f"The copy in {target} could not be made ({error.strerror}); nothing was left there."
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return Backup(folder, len(recordings.files), recordings.bytes, recordings.left_out)


def newest_age_s(project: Project, target: Path, clock: Clock) -> float | None:
    """How long ago the newest copy of a project in a folder was made; None where there is none."""
    made = [_made_utc_s(folder) for folder in copies_of(project, target)]
    return clock.utc_ns() / 1e9 - made[-1] if made else None


def copies_of(project: Project, target: Path) -> list[Path]:
    """A project's copies in a folder, the oldest first; another project may have the same name."""
    named = [path for path in target.glob("*") if _STAMP.sub("", path.name) == project.path.name != path.name]
    made = project.made_utc_ns
    return sorted((path for path in named if _founded_utc_ns(path / FILE) == made), key=_made_utc_s)


def copies_in(project: Project, folder: Path) -> list[Path]:
    """A project's copies in a folder, or the folder itself, by when the project was made: it may have another name,
    or another folder, by now.

    Raises WozError where there is none, so that a mistaken name doesn't pass for backups that hold nothing.
    """
    own, made = project.path.resolve(), project.made_utc_ns
    named = [folder, *sorted(path for path in folder.glob("*") if _STAMP.search(path.name))]
    found = [path for path in named if path.resolve() != own and _founded_utc_ns(path / FILE) == made]
    if not found:
        raise WozError(f"{folder} has no backup of this project; name the folder that woz backup was given.")
    return found


def remove_old(project: Project, target: Path, keep: int) -> list[Path]:
    """Take away all but the newest copies; the answer is what went. Raises WozError where one can't be removed."""
    old = copies_of(project, target)[: -max(keep, 1)]
    for folder in old:
        try:
            shutil.rmtree(folder)
        except OSError as error:
            raise WozError(
                f"The old copy {folder} can't be removed ({error.strerror}); remove it by hand."
            ) from error
    return old


def _founded_utc_ns(file: Path) -> int | None:
    """When the project was made whose copy this is; None where it can't be read."""
    with contextlib.closing(Database(SqliteBackend(file, "DELETE"))) as database, contextlib.suppress(WozError):
        if database.revision():
            with database.snapshot() as rows:
                return rows.scalars(select(About.made_utc_ns)).one()
    return None


def _made_utc_s(folder: Path) -> float:
    found = _STAMP.search(folder.name)
    assert found
    return datetime.datetime.strptime(found[1] + "Z", "%Y-%m-%dT%H%M%S%z").timestamp()


def _demand_openable(folder: Path, project: Project, clock: Clock) -> None:
    """The proof of a copy: it opens, and is the same project."""
    with Project.at(Place(folder), clock) as copy:
        if copy.name != project.name:
            raise WozError(f"The copy of {project.path} is another project, {copy.name}; nothing was left.")
        copy.sessions.all()


def _database_bytes(project: Project) -> int:
    """What a database on a server takes is known to the server alone."""
    file = project.path / FILE
    return file.stat().st_size if file.is_file() else 0
