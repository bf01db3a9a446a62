"""The folder on this machine where a run's workers keep what nobody needs afterwards."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from woz.recording.folder.lock import RecordingLock, is_held

PREFIX, LOCK = "woz-batch-", "lock"


@contextlib.contextmanager
def scratch_folder() -> Iterator[Path]:
    """It goes at the end; what runs left that were killed goes at the beginning."""
    _sweep(Path(tempfile.gettempdir()))
    hidden = Path(tempfile.mkdtemp(prefix=f".{PREFIX}"))
    lock = RecordingLock(hidden / LOCK)
    lock.take()
    folder = hidden.rename(hidden.with_name(hidden.name.removeprefix(".")))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        lock.release()


def _sweep(room: Path) -> None:
    """A folder is seen there only while its lock is held, or once nobody uses it any more."""
    for left in room.glob(f"{PREFIX}*"):
        if os.access(left / LOCK, os.W_OK) and not is_held(left / LOCK):
            shutil.rmtree(left, ignore_errors=True)
