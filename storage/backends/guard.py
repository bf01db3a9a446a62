"""Tells where a program waits for its database on the thread that must never wait: the window's."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

_guarded: threading.Thread | None = None


class WindowThreadError(RuntimeError):
    """A database was called on the window's thread: a fault of the program."""


@contextlib.contextmanager
def armed() -> Iterator[None]:
    """Meanwhile a call of a database on this thread raises WindowThreadError."""
    global _guarded
    before, _guarded = _guarded, threading.current_thread()
    try:
        yield
    finally:
        _guarded = before


def check() -> None:
    """Raises WindowThreadError on the guarded thread."""
    if _guarded is not None and threading.current_thread() is _guarded:
        raise WindowThreadError("a project's database was called on the window's thread")
