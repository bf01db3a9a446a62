"""The segments that are compared, and the time that two sequences of them spend in each pair of labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from woz.base.interval import Interval
from woz.model.annotation import Annotation

GAP = ""
"""The label of what nobody labelled."""
Confusion = Counter[tuple[str, str]]
"""How much time (ns) is labelled so by the one and so by the other."""


@dataclass(frozen=True, slots=True, order=True)
class Segment:
    """A labelled interval (ns); `id` names the annotation that it is of."""

    start_ns: int
    end_ns: int
    label: str
    id: str = ""

    @property
    def duration_ns(self) -> int:
        return self.end_ns - self.start_ns

    def overlap_ns(self, other: Segment) -> int:
        return max(0, min(self.end_ns, other.end_ns) - max(self.start_ns, other.start_ns))

    def iou(self, other: Segment) -> float:
        """Intersection over union of the times; 0 where both are empty."""
        shared = self.overlap_ns(other)
        union = self.duration_ns + other.duration_ns - shared
        return shared / union if union else 0.0


def segments_of(annotations: Iterable[Annotation]) -> tuple[Segment, ...]:
    """The intervals among them that last, by time."""
    found = (
        Segment(each.start_ns, each.end_ns, each.label, each.id)
        for each in annotations
        if each.start_ns is not None and each.end_ns is not None and each.end_ns > each.start_ns
    )
    return tuple(sorted(found))


def cut(segments: Sequence[Segment], windows: Sequence[Interval]) -> tuple[Segment, ...]:
    """The parts of segments in the windows, by time; all of them where there are no windows."""
    if not windows:
        return tuple(segments)
    parts = (
        replace(each, start_ns=max(each.start_ns, window.start_ns), end_ns=min(each.end_ns, window.end_ns))
        for each in segments
        for window in windows
        if each.start_ns < window.end_ns and window.start_ns < each.end_ns
    )
    return tuple(sorted(parts))


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
    first, second = _labels(one, cuts), _labels(other, cuts)
    found = Confusion()
    for (start, end), a, b in zip(pairwise(cuts), first, second, strict=True):
        found[a, b] += end - start
    return found


def _labels(segments: Sequence[Segment], cuts: Sequence[int]) -> list[str]:
    """The label between each two cuts; every edge of a segment within the cuts is a cut."""
    place = {cut: i for i, cut in enumerate(cuts)}
    labels = [GAP] * (len(cuts) - 1)
    for each in sorted(segments):
        start = place[min(max(cuts[0], each.start_ns), cuts[-1])]
        end = place[min(max(cuts[0], each.end_ns), cuts[-1])]
        labels[start:end] = [each.label] * (end - start)
    return labels
