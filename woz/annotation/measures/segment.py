"""The segments that are compared, and the time that two sequences of them spend in each pair of labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from woz.base.interval import Interval
from woz.model.annotation import Annotation

GAP = ""
"""The label of what nobody labelled."""
POINT_NS = 500_000_000
"""Points of two annotators are one where they lie no further apart: where the stretches around them share a half of
their union."""
REACH_NS = POINT_NS * 3 // 2
WHOLE = (-2, -1)
"""Where something lies that is for the whole session: before all times."""
Confusion = Counter[tuple[str, str]]
"""How much time (ns) is labelled so by the one and so by the other."""


@dataclass(frozen=True, slots=True, order=True)
class Segment:
    """A labelled interval (ns), a point (both times are the same), or at `WHOLE` what is for the whole session;
    `id` names the annotation that it is of, `given` the boundaries that are a window's, and nobody's.
    """

    start_ns: int
    end_ns: int
    label: str
    id: str = ""
    given: tuple[str, ...] = field(default=(), compare=False)

    @property
    def duration_ns(self) -> int:
        return self.end_ns - self.start_ns

    def overlap_ns(self, other: Segment) -> int:
        return max(0, min(self.end_ns, other.end_ns) - max(self.start_ns, other.start_ns))

    @property
    def is_point(self) -> bool:
        return self.start_ns == self.end_ns

    @property
    def boundaries(self) -> tuple[str, ...]:
        """The names of those that an annotator set."""
        if self.start_ns < 0:
            return ()
        return ("start",) if self.is_point else tuple(each for each in ("start", "end") if each not in self.given)

    @property
    def lasts(self) -> bool:
        return self.start_ns >= 0 and not self.is_point

    def iou(self, other: Segment) -> float:
        """Intersection over union of the times; of two points that of the stretches around them (`REACH_NS` before
        and after); 0 for a point and a segment.
        """
        if self.is_point or other.is_point:
            apart = abs(self.start_ns - other.start_ns)
            both = self.is_point and other.is_point and apart < 2 * REACH_NS
            return (2 * REACH_NS - apart) / (2 * REACH_NS + apart) if both else 0.0
        shared = self.overlap_ns(other)
        return shared / (self.duration_ns + other.duration_ns - shared)


def both_set(one: Segment, other: Segment) -> tuple[str, ...]:
    """The names of the boundaries that both annotators set."""
    return tuple(each for each in one.boundaries if each in other.boundaries)


def segments_of(annotations: Iterable[Annotation]) -> tuple[Segment, ...]:
    """The intervals among them that last, by time."""
    found = (
        Segment(each.start_ns, each.end_ns, each.label, each.id)
        for each in annotations
        if each.start_ns is not None and each.end_ns is not None and each.end_ns > each.start_ns
    )
    return tuple(sorted(found))


def marks_of(annotations: Iterable[Annotation]) -> tuple[Segment, ...]:
    """All of them, by time: intervals, points, and what is for the whole session."""
    return tuple(sorted(mark_of(each) for each in annotations))


def mark_of(one: Annotation) -> Segment:
    """A point has both times alike."""
    if one.start_ns is None:
        return Segment(*WHOLE, one.label, one.id)
    return Segment(one.start_ns, one.start_ns if one.end_ns is None else one.end_ns, one.label, one.id)


def cut(segments: Sequence[Segment], windows: Sequence[Interval]) -> tuple[Segment, ...]:
    """The parts of segments in the windows, and the points there, by time; all of them where there are no
    windows."""
    if not windows:
        return tuple(segments)
    points = (each for each in segments if each.is_point and any(each.start_ns in window for window in windows))
    parts = (
        _part(each, window)
        for each in segments
        for window in windows
        if each.start_ns < window.end_ns and window.start_ns < each.end_ns and not each.is_point
    )
    return tuple(sorted([*parts, *points]))


def _part(one: Segment, window: Interval) -> Segment:
    """What begins or ends with a window, or beyond it, is cut there."""
    start_ns, end_ns = max(one.start_ns, window.start_ns), min(one.end_ns, window.end_ns)
    edges = (("start", start_ns == window.start_ns), ("end", end_ns == window.end_ns))
    return replace(one, start_ns=start_ns, end_ns=end_ns, given=tuple(name for name, given in edges if given))


def end_to_end(segments: Sequence[Segment], windows: Sequence[Interval]) -> tuple[Segment, ...]:
    """Segments that were cut to the windows, where these lie end to end from 0 on."""
    if not windows:
        return tuple(segments)
    found, at = [], 0
    for window in windows:
        inside = (each for each in segments if window.start_ns <= each.start_ns < window.end_ns)
        by = at - window.start_ns
        found += [replace(each, start_ns=each.start_ns + by, end_ns=each.end_ns + by) for each in inside]
        at += window.duration_ns
    return tuple(found)


def confusion(one: Sequence[Segment], other: Sequence[Segment], duration_ns: int) -> Confusion:
    """Over [0, duration). Where segments of one annotator overlap, the one that began last counts."""
    edges = {0, duration_ns}
    for each in (*one, *other):
        edges |= {min(max(0, t), duration_ns) for t in (each.start_ns, each.end_ns)}
    cuts = sorted(edges)
    first, second = labels_between(one, cuts), labels_between(other, cuts)
    found = Confusion()
    for (start, end), a, b in zip(pairwise(cuts), first, second, strict=True):
        found[a, b] += end - start
    return found


def labels_between(segments: Sequence[Segment], cuts: Sequence[int]) -> list[str]:
    """The label between each two cuts, of those that overlap that of the one that began last; every edge of a
    segment within the cuts is a cut.
    """
    place = {cut: i for i, cut in enumerate(cuts)}
    labels = [GAP] * (len(cuts) - 1)
    for each in sorted(segments):
        start = place[min(max(cuts[0], each.start_ns), cuts[-1])]
        end = place[min(max(cuts[0], each.end_ns), cuts[-1])]
        labels[start:end] = [each.label] * (end - start)
    return labels
