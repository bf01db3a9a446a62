"""A whole, checked copy of a project in another folder; it can be opened as a project itself."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from storage.backends.copying import demand_whole
from storage.place import FILE
from storage.project import Project
from woz.base.clock import Clock, iso_utc
from woz.base.errors import WozError
from woz.recording.folder.lock import is_held
from woz.recording.folder.session_folder import SessionFolder

Progress = Callable[[int, str], None]
"""Called with how much is done, in percent, and what comes now."""
CHUNK_BYTES = 4 * 1024**2
ROOM_BYTES = 64 * 1024**2
"""What shall still be free on the disk of the copy."""


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

    Raises WozError, with nothing left in `target`, where there is too little room, where a file can't be copied or
    differs from its original, and where `target` lies in the project.
    """
    if target.resolve().is_relative_to(project.path.resolve()):
        raise WozError(f"{target} lies in the project itself; choose a folder elsewhere, best on another disk.")
    stamp = iso_utc(clock.utc_ns()).replace(":", "")
    folder = target / f"{project.path.name}-{stamp}"
    running = _running(project) if media else ()
    files = list(_recordings(project, running)) if media else []
    size = sum(path.stat().st_size for path in files)
    part = folder.with_name(f"{folder.name}.part")
    try:
        (part / "sessions").mkdir(parents=True)
        _demand_room(part, size + _database_bytes(project))
        tell(0, "the database")
        project.database.back_up(part / FILE)
        demand_whole(part / FILE)
        _copy_files(project, files, size, part, tell)
        part.rename(folder)
    except OSError as error:
        raise WozError(
            f"The copy in {target} could not be made ({error.strerror}); nothing was left there."
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return Backup(folder, len(files), size, running)


def _running(project: Project) -> tuple[str, ...]:
    """Sessions that are being recorded: their files change under the copy."""
    folders = sorted(path for path in project.sessions_dir.iterdir() if path.is_dir())
    return tuple(path.name for path in folders if is_held(SessionFolder(path).lock))


def _recordings(project: Project, running: tuple[str, ...]) -> Iterator[Path]:
    for path in sorted(project.sessions_dir.rglob("*")):
        inside = path.relative_to(project.sessions_dir).parts
        if path.is_file() and not path.is_symlink() and inside[0] not in running:
            yield path


def _demand_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed + ROOM_BYTES:
        raise WozError(
            f"The copy needs {needed / 1e9:.1f} GB, and {free / 1e9:.1f} GB are free in {folder.parent};"
            " choose another folder."
        )


def _database_bytes(project: Project) -> int:
    """What a database on a server takes is known to the server alone."""
    file = project.path / FILE
    return file.stat().st_size if file.is_file() else 0


def _copy_files(project: Project, files: list[Path], size: int, part: Path, tell: Progress) -> None:
    done = 0
    for path in files:
        inside = path.relative_to(project.media_root)
        tell(done * 100 // max(size, 1), str(inside))
        target = part / inside
        target.parent.mkdir(parents=True, exist_ok=True)
        if _copied(path, target) != _sum_of(target):
            raise WozError(f"The copy of {inside} differs from the recording; check the disk of {part.parent}.")
        done += path.stat().st_size


def _copied(source: Path, target: Path) -> str:
    """Copy a file and have it on the disk; the answer is the sum of what was read."""
    found = hashlib.sha256()
    with source.open("rb") as reader, target.open("xb") as writer:
        while chunk := reader.read(CHUNK_BYTES):
            found.update(chunk)
            writer.write(chunk)
        writer.flush()
        os.fsync(writer.fileno())
    shutil.copystat(source, target)
    return found.hexdigest()


def _sum_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
