"""What a tier type demands of the times of its annotations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from woz.model.annotation import Annotation
from woz.model.scheme import Cover, Overlap, Shape
from woz.schemes.conditions.holding import Known
from woz.schemes.demands.part import Part
from woz.schemes.demands.told import label_words, time_words

SMALLEST_GAP_NS = 10**6
"""What is smaller no one can see, nor hear."""
Told = tuple[Annotation | None, str]
"""What it is about, None for the tier; and what is wrong."""


def of_spans(
    annotations: Sequence[Annotation], known: Known, duration_ns: int | None, language: str, part: Part
) -> Iterator[Told]:
    """`annotations` are those of one tier in a part of the session, by start."""
    for each in annotations:
        wrong = _wrong_shape(each, known.tier_type.shape)
        if wrong:
            yield each, wrong
    intervals = [each for each in annotations if each.end_ns is not None]
    if known.tier_type.overlap != Overlap.ANY:
        yield from _overlaps(intervals, known, language, part)
    if known.tier_type.cover == Cover.PARTITION and intervals:
        yield from _gaps(intervals, duration_ns, part)


def unbegun(annotations: Sequence[Annotation], known: Known, duration_ns: int | None, part: Part) -> str:
    """What is said where nothing fills a tier yet that must be filled, and no gaps are told; else empty."""
    to_fill = part.to_fill(duration_ns or 0) if known.tier_type.cover == Cover.PARTITION else []
    if not to_fill or any(each.end_ns is not None for each in annotations):
        return ""
    spans = (f"from {time_words(each.start_ns)} to {time_words(each.end_ns)}" for each in to_fill)
    where = ", ".join(spans) if part.windows else "from start to end"
    return f"Nothing is marked in it yet, and it must be filled {where}."


def _wrong_shape(each: Annotation, shape: Shape) -> str:
    if shape == Shape.INTERVAL and each.end_ns is None:
        return "It must have a start and an end."
    if shape == Shape.INTERVAL and each.end_ns == each.start_ns:
        return "It has no length; give it one or take it away."
    if shape == Shape.POINT and (each.start_ns is None or each.end_ns not in (None, each.start_ns)):
        return "It must stand at one time."
    if shape == Shape.SESSION and each.start_ns is not None:
        return "It is about the whole session, and may have no time."
    return ""


def _overlaps(intervals: Sequence[Annotation], known: Known, language: str, part: Part) -> Iterator[Told]:
    """Each beside the one before that ends last."""
    by_label = known.tier_type.overlap == Overlap.OTHER_LABEL
    last: dict[str, Annotation] = {}
    for each in intervals:
        kind = each.label if by_label else ""
        other = last.get(kind)
        shared = _shared(other, each, part) if other else 0
        if other and shared > 0:
            name = label_words(known, other.label, language) or "another"
            yield each, f"It overlaps {name} at {time_words(other.interval.start_ns)} by {shared / 1e9:.2f} s."
        if other is None or each.interval.end_ns > other.interval.end_ns:
            last[kind] = each


def _shared(one: Annotation, other: Annotation, part: Part) -> int:
    """How long both last at once (ns), in a part of the session."""
    both = one.interval & other.interval
    return sum(max(0, end_ns - start_ns) for start_ns, end_ns in part.inside((both.start_ns, both.end_ns)))


def _gaps(intervals: Sequence[Annotation], duration_ns: int | None, part: Part) -> Iterator[Told]:
    """In each window, or in the session: where its length isn't known, between annotations alone."""
    if not part.windows:
        yield from _gaps_in(intervals, None if duration_ns is None else 0, duration_ns)
        return
    for window in part.windows if duration_ns is None else part.to_fill(duration_ns):
        within = [each for each in intervals if each.interval.intersects(window)]
        yield from _gaps_in(within, window.start_ns, window.end_ns)


def _gaps_in(intervals: Sequence[Annotation], start_ns: int | None, end_ns: int | None) -> Iterator[Told]:
    until_ns = start_ns
    for each in intervals:
        begin_ns = each.interval.start_ns
        if until_ns is not None and begin_ns - until_ns > SMALLEST_GAP_NS:
            yield each, gap_words(until_ns, begin_ns)
        until_ns = max(until_ns or 0, each.interval.end_ns)
    if end_ns is not None and until_ns is not None and end_ns - until_ns > SMALLEST_GAP_NS:
        yield None, gap_words(until_ns, end_ns)


def gap_words(start_ns: int, end_ns: int) -> str:
    return f"Nothing is marked from {time_words(start_ns)} to {time_words(end_ns)}."
