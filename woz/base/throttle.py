"""Lets through once in a while what comes often: news of progress, looks at a queue, files kept on the way."""

from __future__ import annotations

from woz.base.clock import Clock


class Throttle:
    """The first time is due at once, or, with `later`, when so long has passed."""

    def __init__(self, clock: Clock, every_ns: int, later: bool = False) -> None:
        self._clock, self._every_ns = clock, every_ns
        self._last_ns = clock.now_ns() if later else None

    def due(self) -> bool:
        """Whether so long has passed since it last was; asking begins the time anew where it is."""
        now_ns = self._clock.now_ns()
        if self._last_ns is not None and now_ns - self._last_ns < self._every_ns:
            return False
        self._last_ns = now_ns
        return True
