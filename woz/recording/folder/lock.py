"""Tells a session that is being recorded from one that a crash left open."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import sys
from pathlib import Path
from typing import IO

from woz.base.errors import WozError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

log = logging.getLogger(__name__)

HELD = (errno.EAGAIN, errno.EACCES, errno.EDEADLK)
"""What the system says of a lock that somebody has; any other error is of a medium that knows no locks."""
MOST_TRIES = 10_000


class RecordingLock:
    """Held on a file while a session is recorded; the system lets go of it however the process ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    def take(self) -> bool:
        """False where somebody else holds it already. Raises WozError where the file can't be made.

        On a medium that knows no locks whoever asks has it.
        """
        if self._file:
            return True
        for _ in range(MOST_TRIES):
            if (taken := self._try()) is not None:
                return taken
        return False

    def release(self) -> None:
        """The file goes while it is held: later it could be the next one's, who would hold one without a name."""
        file, self._file = self._file, None
        if file is None:
            return
        if sys.platform != "win32":
            self._remove()
        file.close()
        if sys.platform == "win32":
            self._remove()

    def _try(self) -> bool | None:
        """None where it is to be tried again: it is looked at only, or the former holder took its file away."""
        try:
            file = self._path.open("a+b")
        except OSError as error:
            raise WozError(f"{self._path.parent} can't be written ({error.strerror}).") from error
        taken: bool | None
        try:
            taken = _lock(file, alone=True) or (None if _lock(file, alone=False) else False)
        except OSError as error:
            log.warning("%s is on a medium that knows no locks (%s)", self._path, error.strerror)
            taken = True
        if taken and not self._is(file):
            taken = None
        if taken:
            self._file = file
        else:
            file.close()
        return taken

    def _is(self, file: IO[bytes]) -> bool:
        with contextlib.suppress(OSError):
            return os.path.samestat(self._path.stat(), os.fstat(file.fileno()))
        return False

    def _remove(self) -> None:
        """One that stays, on a disk that fails, is held by nobody."""
        with contextlib.suppress(OSError):
            self._path.unlink()


def is_held(path: Path) -> bool:
    """Whether a session is being recorded at this moment, by its lock's path. Changes nothing, keeps nobody from
    taking it, and needs no more than to read it.
    """
    try:
        with path.open("rb") as file:
            return not _lock(file, alone=False)
    except OSError:
        return False


def _lock(file: IO[bytes], alone: bool) -> bool:
    """`alone`: not beside others who only look. Raises OSError where the medium knows no locks."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in HELD:
            raise
        return False
    return True
