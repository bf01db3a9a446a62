"""Which segment of one annotator is which of the other's."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from woz.annotation.measures.segment import REACH_NS, Segment

SAME = 0.5
"""Two segments are one when the share of their union that they have in common is this at least; two points, where
they lie half a second apart at most."""


@dataclass(frozen=True, slots=True)
class Paired:
    """Pairs, by time, and what each has alone."""

    pairs: tuple[tuple[Segment, Segment], ...]
    only_one: tuple[Segment, ...]
    only_other: tuple[Segment, ...]


def paired(one: Sequence[Segment], other: Sequence[Segment], least: float = SAME) -> Paired:
    """Those that overlap best go together first, a common label before another one; each goes in one pair."""
    likeness = sorted(
        ((a.label != b.label, -a.iou(b), a, b) for a, b in _overlapping(sorted(one), sorted(other))),
    )
    used_one: set[Segment] = set()
    used_other: set[Segment] = set()
    pairs = []
    for _, unlike, a, b in likeness:
        if -unlike >= least and a not in used_one and b not in used_other:
            pairs.append((a, b))
            used_one.add(a)
            used_other.add(b)
    return Paired(
        tuple(sorted(pairs)),
        tuple(each for each in sorted(one) if each not in used_one),
        tuple(each for each in sorted(other) if each not in used_other),
    )


def _overlapping(one: Sequence[Segment], other: Sequence[Segment]) -> Iterator[tuple[Segment, Segment]]:
    """All pairs that share time, and points near each other; both are by time."""
    until: list[int] = []
    for each in other:
        until.append(max(each.end_ns, until[-1] if until else each.end_ns))
    for each in one:
        around = 2 * REACH_NS if each.is_point else 0
        i = bisect_left(until, each.start_ns + 1 - around)
        while i < len(other) and other[i].start_ns < each.end_ns + around:
            if each.iou(other[i]) > 0:
                yield each, other[i]
            i += 1
