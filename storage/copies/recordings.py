"""A project's recordings, copied file by file and read back."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from storage.project import Project
from woz.base.errors import WozError
from woz.recording.folder.lock import is_held
from woz.recording.folder.session_folder import SessionFolder

Progress = Callable[[int, str], None]
"""Called with how much is done, in percent, and what comes now."""
CHUNK_BYTES = 4 * 1024**2
ROOM_BYTES = 64 * 1024**2
"""What shall still be free on the disk of the copy."""


@dataclass(frozen=True, slots=True)
class Recordings:
    """Files under `root`; `left_out` are the folders of sessions that are being recorded: they change meanwhile."""

    root: Path
    files: tuple[Path, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def bytes(self) -> int:
        return sum(path.stat().st_size for path in self.files)


def recordings_of(project: Project) -> Recordings:
    """Raises WozError where their folder isn't there."""
    if not project.sessions_dir.is_dir():
        raise WozError(
            f"The recordings are looked for in {project.sessions_dir}, which isn't there; connect its disk."
        )
    folders = sorted(path for path in project.sessions_dir.iterdir() if path.is_dir())
    running = tuple(path.name for path in folders if is_held(SessionFolder(path).lock))
    return Recordings(project.media_root, tuple(files_in(project.sessions_dir, running)), running)


def demand_room(folder: Path, needed: int) -> None:
    """Raises WozError where a copy of so many bytes finds no room on a folder's disk."""
    free = shutil.disk_usage(folder).free
    if free < needed + ROOM_BYTES:
        raise WozError(
            f"The copy needs {needed / 1e9:.1f} GB, and {free / 1e9:.1f} GB are free in {folder.parent};"
            " choose another folder."
        )


def copy_recordings(recordings: Recordings, target: Path, tell: Progress) -> dict[Path, str]:
    """Copy them under another root; the answer is each file's SHA-256, by its path under the root.

    Raises WozError where what is read back differs.
    """
    done, size, sums = 0, max(recordings.bytes, 1), {}
    for path in recordings.files:
        inside = path.relative_to(recordings.root)
        tell(done * 100 // size, str(inside))
        copy = target / inside
        copy.parent.mkdir(parents=True, exist_ok=True)
        sums[inside] = _copied(path, copy)
        if sums[inside] != _sum_of(copy):
            raise WozError(f"The copy of {inside} differs from the recording; check the disk of {target.parent}.")
        done += path.stat().st_size
    return sums


def files_in(folder: Path, but_not: tuple[str, ...] = ()) -> Iterator[Path]:
    """All but those in the folders of these names."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and path.relative_to(folder).parts[0] not in but_not:
            yield path


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
