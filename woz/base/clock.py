"""The one place that reads the time. Everything else takes a clock as an argument."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """A monotonic clock and the wall clock beside it, both in nanoseconds."""

    def now_ns(self) -> int:
        """Monotonic time; its zero means nothing."""
        ...

    def utc_ns(self) -> int:
        """Wall-clock time since the Unix epoch, UTC."""
        ...


class SystemClock:
    """The machine's own clocks."""

    def now_ns(self) -> int:
        return time.monotonic_ns()

    def utc_ns(self) -> int:
        return time.time_ns()


class ManualClock:
    """A clock that stands still until told to move, for tests and simulations."""

    def __init__(self, now_ns: int = 0, utc_ns: int = 0) -> None:
        self._now_ns = now_ns
        self._utc_ns = utc_ns

    def now_ns(self) -> int:
        return self._now_ns

    def utc_ns(self) -> int:
        return self._utc_ns

    def advance(self, by_ns: int) -> None:
        self._now_ns += by_ns
        self._utc_ns += by_ns


class SessionClock:
    """Session time: nanoseconds of a monotonic clock since the session began."""

    def __init__(self, clock: Clock, origin_ns: int | None = None) -> None:
        self._clock = clock
        self.origin_ns = clock.now_ns() if origin_ns is None else origin_ns
        self.start_utc_ns = clock.utc_ns() - (clock.now_ns() - self.origin_ns)

    def now_ns(self) -> int:
        return self._clock.now_ns() - self.origin_ns

    def at(self, monotonic_ns: int) -> int:
        """The session time of a reading of the monotonic clock."""
        return monotonic_ns - self.origin_ns


def iso_utc(utc_ns: int) -> str:
    """A wall-clock time as ISO 8601 with milliseconds and 'Z'."""
    stamp = datetime.fromtimestamp(utc_ns / 1e9, UTC)
    return stamp.strftime("%Y-%m-%dT%H:%M:%S.") + f"{stamp.microsecond // 1000:03d}Z"


def sleep_until(clock: Clock, target_ns: int, wait: Callable[[float], object]) -> None:
    """Wait (by an Event's `wait`, say) until the clock reads `target_ns`; return early where the wait says so."""
    while (left := target_ns - clock.now_ns()) > 0:
        if wait(left / 1e9):
            return
