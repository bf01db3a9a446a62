"""A bounded queue for two kinds of load: many small items never wait behind the limit of a few large ones."""

from __future__ import annotations

import queue
import threading
from typing import Generic, TypeVar

T = TypeVar("T")


class WriteQueue(Generic[T]):
    """Keeps the order of all items. Large ones (pictures) and small ones (sound) have each a room of their own."""

    def __init__(self, large: int, small: int) -> None:
        self._queue: queue.SimpleQueue[tuple[T, threading.Semaphore | None]] = queue.SimpleQueue()
        self._large = threading.Semaphore(large)
        self._small = threading.Semaphore(small)
        self._lock = threading.Lock()
        self.large_waiting = self.small_waiting = 0

    def put(self, item: T, large: bool, wait_s: float) -> bool:
        """False where there was no room within the time."""
        room = self._large if large else self._small
        if not room.acquire(timeout=wait_s):
            return False
        self._count(room, 1)
        self._queue.put((item, room))
        return True

    def put_last(self, item: T) -> None:
        """Put an item that always finds room."""
        self._queue.put((item, None))

    def get(self, timeout_s: float) -> T | None:
        """The next item; None where none came within the time."""
        try:
            item, room = self._queue.get(timeout=timeout_s)
        except queue.Empty:
            return None
        if room:
            self._count(room, -1)
            room.release()
        return item

    def _count(self, room: threading.Semaphore, by: int) -> None:
        with self._lock:
            if room is self._large:
                self.large_waiting += by
            else:
                self.small_waiting += by
