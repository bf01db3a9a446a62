"""Where a session is made before it is whole: a folder beside the sessions, which goes away whatever happens."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from woz.base.errors import WozError
from woz.recording.folder.lock import RecordingLock

PREFIX = ".import-"
LOCK = "making.lock"
GATE = ".importing.lock"
GATE_WITHIN_S = 10.0


@contextlib.contextmanager
def staged(sessions: Path) -> Iterator[Path]:
    """A new folder. What an import that was killed has left is taken away. Raises OSError where the disk fails."""
    sessions.mkdir(parents=True, exist_ok=True)
    with _alone(sessions):
        _sweep(sessions)
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=sessions))
        lock = RecordingLock(folder / LOCK)
        lock.take()
    try:
        yield folder
    finally:
        with _alone(sessions):
            lock.release()
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _alone(sessions: Path) -> Iterator[None]:
    """No other import makes its folder, or sweeps, meanwhile."""
    gate, deadline = RecordingLock(sessions / GATE), time.monotonic() + GATE_WITHIN_S
    while not gate.take() and time.monotonic() < deadline:
        time.sleep(0.02)
    try:
        yield
    finally:
        gate.release()


def _sweep(sessions: Path) -> None:
    """Where nobody holds the lock, nobody works. What can't be taken away harms nothing."""
    for left in sessions.glob(f"{PREFIX}*"):
        lock = RecordingLock(left / LOCK)
        with contextlib.suppress(WozError):
            if lock.take():
                lock.release()
                shutil.rmtree(left, ignore_errors=True)
