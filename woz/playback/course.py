"""What is played: from where, how fast, which way, to where, and whether again and again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from woz.base.interval import NS_PER_MS, Interval

LEAST_LAP_NS = NS_PER_MS
"""What is shorter may have no sample at all, and is played once."""


@dataclass(frozen=True, slots=True)
class Course:
    """Of a film's time (ns) from `start_ns`; `rate` below 0 is backwards. It ends at the end of `span` that it runs
    to, or with `again` goes on at its other end for ever.
    """

    start_ns: int
    rate: float
    span: Interval
    again: bool = False

    def laps(self) -> Iterator[tuple[int, int]]:
        """From where to where it runs, one after the other; the later time first where it is backwards."""
        begin, end = self.span.start_ns, self.span.end_ns
        if self.rate < 0:
            begin, end = end, begin
        start = min(max(self.start_ns, self.span.start_ns), self.span.end_ns)
        if start != end:
            yield start, end
        while self.again and self.span.duration_ns >= LEAST_LAP_NS:
            yield begin, end
