"""Tells where a program waits for its database on the thread that must never wait: the window's."""

from __future__ import annotations

import threading

_guarded: threading.Thread | None = None


class WindowThreadError(RuntimeError):
    """A database was called on the window's thread: a fault of the program."""


def arm(thread: threading.Thread) -> None:
    """From now on a call of a database on this thread raises WindowThreadError."""
    global _guarded
    _guarded = thread


def disarm() -> None:
    global _guarded
    _guarded = None


def check() -> None:
    """Raises WindowThreadError on the guarded thread."""
    if _guarded is not None and threading.current_thread() is _guarded:
        raise WindowThreadError("a project's database was called on the window's thread")
