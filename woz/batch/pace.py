"""How far a run is, and how long it still takes."""

from __future__ import annotations

from collections import deque

from woz.base.clock import Clock
from woz.base.counts import counted
from woz.base.interval import NS_PER_S
from woz.base.throttle import Throttle

LAST = 200
"""Items by which the pace is known: it follows workers that come and go."""


class Pace:
    def __init__(self, clock: Clock, items: int) -> None:
        self._clock, self._items = clock, items
        self._told = Throttle(clock, NS_PER_S)
        self._ends: deque[int] = deque([clock.now_ns()], maxlen=LAST)

    def took(self) -> None:
        """An item came to its end, well or not."""
        self._ends.append(self._clock.now_ns())

    def due(self, left: int) -> bool:
        """Whether it is worth telling: a second after the last time, and at the end."""
        return not left or self._told.due()

    def left_s(self, left: int) -> float | None:
        """None before anything came to its end."""
        if len(self._ends) < 2:
            return None
        return (self._ends[-1] - self._ends[0]) / NS_PER_S / (len(self._ends) - 1) * left

    def words(self, left: int, failed: int) -> tuple[int, str]:
        """The part in percent, and a line of words."""
        done = self._items - left
        told = f"{done} of {counted(self._items, 'item')}" + (f", {failed} failed" if failed else "")
        if left and (left_s := self.left_s(left)) is not None:
            told += f"; {in_words(left_s)} left"
        return 100 * done // max(1, self._items), told


def in_words(seconds: float) -> str:
    if seconds < 90:
        return f"about {max(1, round(seconds))} s"
    return f"about {round(seconds / 60)} min" if seconds < 5400 else f"about {seconds / 3600:.1f} h"
