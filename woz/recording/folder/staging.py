"""Where something is made before it is whole: a folder beside its place, which goes away whatever happens."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from woz.base.errors import WozError
from woz.recording.folder.lock import RecordingLock

IMPORT, PACKAGE = ".import-", ".package-"
"""How such folders begin, by what is made."""
LOCK = "making.lock"
COMING = ".coming-"
"""How the mark of a session's folder begins that stands in its place before its project knows of it."""
GATE = ".importing.lock"
GATE_WITHIN_S = 10.0


@contextlib.contextmanager
def staged(place: Path, prefix: str = IMPORT) -> Iterator[Path]:
    """A new folder in a place. What one of its kind that was killed has left is taken away first.

    Raises OSError where the disk fails.
    """
    place.mkdir(parents=True, exist_ok=True)
    with _alone(place):
        _sweep(place, prefix)
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=place))
        lock = RecordingLock(folder / LOCK)
        lock.take()
    try:
        yield folder
    finally:
        with contextlib.ExitStack() as stack:
            with contextlib.suppress(WozError):
                stack.enter_context(_alone(place))
            lock.release()
            shutil.rmtree(folder, ignore_errors=True)


def sweep(place: Path, prefix: str) -> None:
    """Take away what those of a kind that were killed have left in a place; what is being made stays."""
    if any(place.glob(f"{prefix}*")):
        with _alone(place):
            _sweep(place, prefix)


def mark_coming(folder: Path) -> None:
    """A session that its project doesn't know is for the same import from now on. Raises OSError where the disk
    fails.
    """
    _mark(folder).touch()


def clear_coming(folder: Path) -> None:
    """A mark that stays is of no account for a session that its project knows."""
    with contextlib.suppress(OSError):
        _mark(folder).unlink()


def coming(sessions: Path) -> set[str]:
    """The sessions that an import put in their place without coming to its end, as far as is known."""
    return {path.name.removeprefix(COMING) for path in sessions.glob(f"{COMING}*")}


def _mark(folder: Path) -> Path:
    return folder.with_name(f"{COMING}{folder.name}")


@contextlib.contextmanager
def _alone(place: Path) -> Iterator[None]:
    """Nobody else makes a folder, or sweeps, meanwhile."""
    gate, deadline = RecordingLock(place / GATE), time.monotonic() + GATE_WITHIN_S
    while not gate.take() and time.monotonic() < deadline:
        time.sleep(0.02)
    try:
        yield
    finally:
        gate.release()


def _sweep(place: Path, prefix: str) -> None:
    """Where nobody holds the lock, nobody works. What has none is somebody else's, since a package is opened in any
    folder. What can't be taken away harms nothing.
    """
    for left in place.glob(f"{prefix}*"):
        if not (left / LOCK).is_file():
            continue
        lock = RecordingLock(left / LOCK)
        with contextlib.suppress(WozError):
            if lock.take():
                lock.release()
                shutil.rmtree(left, ignore_errors=True)
