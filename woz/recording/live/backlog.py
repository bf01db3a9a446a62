"""What waits to be written: items go in from any thread, and out on a thread of the writer's own."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from woz.base.supervision import Supervisor

T = TypeVar("T")


class Backlog(Generic[T]):
    """Whoever brings an item never waits: one that finds no room is left out. One that can't be written is a fault
    of its own, and the next is tried."""

    def __init__(
        self,
        name: str,
        room: int,
        write: Callable[[T], None],
        supervisor: Supervisor,
        finish: Callable[[], None] = lambda: None,
        daemon: bool = False,
    ) -> None:
        """`finish` is called on the thread, after the last item. A `daemon` holds up nobody's end."""
        self._name = name
        self._write = write
        self._finish = finish
        self._supervisor = supervisor
        self._room = threading.Semaphore(room)
        self._queue: queue.SimpleQueue[tuple[T] | None] = queue.SimpleQueue()
        self._thread = supervisor.thread(name, self._run, daemon=daemon)

    def start(self) -> None:
        self._thread.start()

    def put(self, item: T) -> bool:
        """False where there was no room."""
        if not self._room.acquire(blocking=False):
            return False
        self._queue.put((item,))
        return True

    def end(self, within_s: float | None = None) -> bool:
        """Write what waits, and end; False where that takes longer: it then ends by itself, when it can."""
        self._queue.put(None)
        self._thread.join(within_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while item := self._queue.get():
            self._room.release()
            with self._supervisor.turn(self._name):
                self._write(item[0])
        self._finish()
