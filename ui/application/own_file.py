"""A file of this computer that one window alone keeps, also after one that was killed."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from PySide6.QtCore import QLockFile

from woz.annotation.waiting_file import LOCKED
from woz.base.errors import WozError


@contextlib.contextmanager
def own_file(path: Path) -> Iterator[Path | None]:
    """The path, until the block is left; None where another window has it, or its folder can't be made."""
    lock = _locked(path)
    try:
        yield path if lock else None
    finally:
        if lock:
            lock.unlock()


@contextlib.contextmanager
def in_no_window(list_files: Callable[[], Iterable[Path]], in_one: Callable[[Path], WozError]) -> Iterator[None]:
    """Until the block is left no window can have one of these files, which are listed until there is none but those
    that are held: a window may come meanwhile.

    Raises what `in_one` makes of the first that a window has.
    """
    mine = set[Path]()
    with contextlib.ExitStack() as held:
        while new := [path for path in list_files() if path not in mine]:
            for path in new:
                lock = _locked(path)
                if lock is None:
                    raise in_one(path)
                held.callback(lock.unlock)
                mine.add(path)
        yield


def _locked(path: Path) -> QLockFile | None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    lock = QLockFile(f"{path}{LOCKED}")
    lock.setStaleLockTime(0)
    return lock if lock.tryLock(0) else None
