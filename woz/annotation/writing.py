"""Where a document's work on the store is done: at once, or on a thread of its own, one after the other."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from woz.base.errors import WozError
from woz.base.supervision import Supervisor

R = TypeVar("R")
Post = Callable[[Callable[[], None]], None]
"""Has something done on the window's thread, later."""
_NAME = "writer of edits"


class Executor(Protocol):
    """Does work in the order in which it is given. `done` gets what it found, `failed` why it found nothing."""

    def submit(
        self, work: Callable[[], R], done: Callable[[R], None], failed: Callable[[WozError], None]
    ) -> None: ...

    def close(self) -> None:
        """When all that was given is done."""
        ...


class Inline:
    """At once: for commands and tests. What is no WozError goes through."""

    def submit(self, work: Callable[[], R], done: Callable[[R], None], failed: Callable[[WozError], None]) -> None:
        try:
            found = work()
        except WozError as error:
            failed(error)
        else:
            done(found)

    def close(self) -> None:
        return


class Background:
    """On a thread that a supervisor oversees; `done` and `failed` are posted to the window's."""

    def __init__(self, supervisor: Supervisor, post: Post) -> None:
        self._supervisor = supervisor
        self._post = post
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread: threading.Thread = supervisor.thread(_NAME, self._run)
        self._thread.start()

    def submit(
        self, work: Callable[[], Any], done: Callable[[Any], None], failed: Callable[[WozError], None]
    ) -> None:
        def run() -> None:
            try:
                found = work()
            except Exception as error:
                fault = error if isinstance(error, WozError) else self._supervisor.failed(_NAME, error)
                self._post(lambda: failed(fault))
            else:
                self._post(lambda: done(found))

        self._work.put(run)

    def close(self) -> None:
        self._work.put(None)
        self._thread.join()

    def _run(self) -> None:
        while work := self._work.get():
            with self._supervisor.turn(_NAME):
                work()
