"""Where a session is made before it is whole: a folder beside the sessions, which goes away whatever happens."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from woz.recording.lock import RecordingLock

PREFIX = ".import-"
LOCK = "making.lock"


@contextmanager
def staged(sessions: Path) -> Iterator[Path]:
    """A new folder. What an import that was killed has left is taken away. Raises OSError where the disk fails."""
    sessions.mkdir(parents=True, exist_ok=True)
    _sweep(sessions)
    with tempfile.TemporaryDirectory(prefix=PREFIX, dir=sessions) as folder:
        lock = RecordingLock(Path(folder) / LOCK)
        lock.take()
        try:
            yield Path(folder)
        finally:
            lock.release()


def _sweep(sessions: Path) -> None:
    """Where nobody holds the lock, nobody works."""
    for left in sessions.glob(f"{PREFIX}*"):
        lock = RecordingLock(left / LOCK)
        if lock.take():
            lock.release()
            shutil.rmtree(left, ignore_errors=True)
