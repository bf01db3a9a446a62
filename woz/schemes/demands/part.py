"""The part of a session in which a tier is looked at: the windows that it was given in, or all of it."""

from __future__ import annotations

from dataclasses import dataclass

from woz.base.interval import Interval
from woz.model.annotation import Annotation
from woz.schemes.conditions.surroundings import Span, span_of


@dataclass(frozen=True, slots=True)
class Part:
    """`windows` are disjoint and in order; without any it is the whole session."""

    windows: tuple[Interval, ...] = ()

    def holds(self, annotation: Annotation) -> bool:
        """Whether something of it lies here; what has no time belongs to every part."""
        span = span_of(annotation)
        return span is None or bool(self.inside(span))

    def inside(self, span: Span) -> list[Span]:
        """What of a span lies here, in order."""
        if not self.windows:
            return [span]
        cut = ((max(span[0], each.start_ns), min(span[1], each.end_ns)) for each in self.windows)
        return [(start_ns, end_ns) for start_ns, end_ns in cut if start_ns < end_ns]

    def to_fill(self, duration_ns: int) -> list[Interval]:
        """Which stretches of a session that is so long are to be filled; none where it ends before each window."""
        found = self.inside((0, duration_ns))
        return [Interval(start_ns, end_ns) for start_ns, end_ns in found if start_ns < end_ns]
