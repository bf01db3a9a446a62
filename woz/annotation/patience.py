"""Asks a store that doesn't answer again, until it does: what was done meanwhile is stored in its order."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol, TypeVar

from woz.base.errors import UnreachableError

R = TypeVar("R")
AGAIN_S = 1.0
BACK = "The database answers again."


class Ask(Protocol):
    """Has one call of the store made, of which nothing is done where it raises UnreachableError."""

    def __call__(self, call: Callable[[], R], /) -> R: ...


def once(call: Callable[[], R], /) -> R:
    return call()


class Patience:
    """`waits` gets why it waits, and None when it no longer does; on the thread of the call."""

    def __init__(self, waits: Callable[[UnreachableError | None], None]) -> None:
        self._waits = waits
        self._end = threading.Event()
        self._given_up: UnreachableError | None = None

    def ask(self, call: Callable[[], R], /) -> R:
        """Raises UnreachableError only after `close`."""
        waiting = False
        try:
            while True:
                if self._given_up is not None:
                    raise self._given_up
                try:
                    return call()
                except UnreachableError as fault:
                    if self._end.is_set():
                        self._given_up = fault
                        raise
                    if not waiting:
                        self._waits(fault)
                    waiting = True
                    self._end.wait(AGAIN_S)
        finally:
            if waiting:
                self._waits(None)

    def close(self) -> None:
        """What waits is tried once more, and given up; all after it with the first that gets no answer."""
        self._end.set()
