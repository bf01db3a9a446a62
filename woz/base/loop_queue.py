"""From a thread that may not wait to the live loop: where that stands still, the oldest gives way to the newest."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class LoopQueue(Generic[T]):
    """Hands each item to `take` on the loop's thread, in order; no more than `room` of them wait.

    `put` is for one thread, and takes no lock: it can't be held up by the loop. What is put when the loop has ended
    goes nowhere.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, take: Callable[[T], None], room: int) -> None:
        self._loop = loop
        self._take = take
        self._room = room
        self._waiting: deque[T] = deque()
        self._called = False
        self.dropped = 0
        """Items that gave way to newer ones."""

    def put(self, item: T) -> None:
        self._waiting.append(item)
        while len(self._waiting) > self._room:
            with contextlib.suppress(IndexError):
                self._waiting.popleft()
                self.dropped += 1
        if not self._called:
            self._called = True
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._give)

    def _give(self) -> None:
        """`_called` is taken back first, so that an item put from now on calls again."""
        self._called = False
        for _ in range(self._room):
            try:
                item = self._waiting.popleft()
            except IndexError:
                return
            self._take(item)
        if self._waiting and not self._called:
            self._called = True
            self._loop.call_soon(self._give)
