"""A file of this computer that one window alone keeps, also after one that was killed."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QLockFile


@contextlib.contextmanager
def own_file(path: Path) -> Iterator[Path | None]:
    """The path, until the block is left; None where another window has it, or its folder can't be made."""
    lock = _locked(path)
    try:
        yield path if lock else None
    finally:
        if lock:
            lock.unlock()


def _locked(path: Path) -> QLockFile | None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    lock = QLockFile(f"{path}-lock")
    lock.setStaleLockTime(0)
    return lock if lock.tryLock(0) else None
