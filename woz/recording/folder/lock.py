"""Tells a session that is being recorded from one that a crash left open."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO

from woz.base.errors import WozError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class RecordingLock:
    """Held on a file while a session is recorded; the system lets go of it however the process ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    def take(self) -> bool:
        """False where somebody holds it already. Raises WozError where the file can't be made."""
        try:
            file = self._path.open("ab")
        except OSError as error:
            raise WozError(f"{self._path.parent} can't be written ({error.strerror}).") from error
        if not _lock(file):
            file.close()
            return False
        self._file = file
        return True

    def release(self) -> None:
        if self._file:
            self._file.close()
            self._file = None
            self._path.unlink(missing_ok=True)


def is_held(path: Path) -> bool:
    """Whether a session is being recorded at this moment, by its lock's path. Changes nothing."""
    try:
        with path.open("r+b") as file:
            return not _lock(file)
    except OSError:
        return False


def _lock(file: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
