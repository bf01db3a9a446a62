"""Half-open intervals of session time in integer nanoseconds."""

from __future__ import annotations

from dataclasses import dataclass

from woz.base.outside import Whole

NS_PER_S = 1_000_000_000
NS_PER_MS = 1_000_000


def seconds(ns: int) -> float:
    """Nanoseconds as seconds, for screens and exports only."""
    return ns / NS_PER_S


def nanoseconds(s: float) -> int:
    """Seconds as the nearest whole nanosecond."""
    return round(s * NS_PER_S)


def hundredths(ns: float) -> int:
    """Nanoseconds as the nearest whole hundredth of a second, to which they are told; 0 says nothing."""
    return round(ns / (10 * NS_PER_MS))


@dataclass(frozen=True, order=True, slots=True)
class Interval:
    """The span [start_ns, end_ns) of session time; empty, and falsy, where both are equal.

    Raises ValueError where the end lies before the start.
    """

    start_ns: Whole
    end_ns: Whole

    def __post_init__(self) -> None:
        if self.end_ns < self.start_ns:
            raise ValueError(f"an interval can't end ({self.end_ns}) before it starts ({self.start_ns})")

    def __bool__(self) -> bool:
        return self.end_ns > self.start_ns

    def __contains__(self, t_ns: int) -> bool:
        return self.start_ns <= t_ns < self.end_ns

    def __and__(self, other: Interval) -> Interval:
        """The common part; empty at the later start where there is none."""
        start = max(self.start_ns, other.start_ns)
        return Interval(start, max(start, min(self.end_ns, other.end_ns)))

    def __or__(self, other: Interval) -> Interval:
        """The smallest interval that holds both."""
        return Interval(min(self.start_ns, other.start_ns), max(self.end_ns, other.end_ns))

    @property
    def duration_ns(self) -> int:
        return self.end_ns - self.start_ns

    @property
    def middle_ns(self) -> int:
        return (self.start_ns + self.end_ns) // 2

    def shifted(self, by_ns: int) -> Interval:
        return Interval(self.start_ns + by_ns, self.end_ns + by_ns)

    def intersects(self, other: Interval) -> bool:
        return bool(self & other)

    def split(self, at_ns: int) -> tuple[Interval, Interval]:
        """The two parts on either side of a time inside. Raises ValueError for a time that is not inside."""
        if not self.start_ns < at_ns < self.end_ns:
            raise ValueError(f"{at_ns} does not lie inside {self}")
        return Interval(self.start_ns, at_ns), Interval(at_ns, self.end_ns)
