"""How a new segment goes into a tier whose segments may not overlap: what is there gives way, or does not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from enum import Enum

from woz.annotation.boundaries import tapped
from woz.annotation.edits import Edit
from woz.annotation.linking import with_links
from woz.base.errors import WozError
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId
from woz.model.link import Link
from woz.model.scheme import Overlap

NEVER_ENDS = 2**62


class Way(Enum):
    """What is chosen; its words end “A new segment …”."""

    ROOM = "finds room: it ends where the next one begins"
    REPLACE = "replaces what is under it"
    FILL = "fills the gap that it lies in"
    RIPPLE = "pushes what comes after it later"


def placed(
    existing: Sequence[Annotation],
    new: Annotation,
    end_ns: int,
    way: Way,
    new_id: Callable[[], AnnotationId],
    overlap: Overlap = Overlap.NONE,
    duration_ns: int = NEVER_ENDS,
) -> Edit:
    """A new segment from its start to a time, as one edit with what gives way to it.

    `existing` are those of the tier by time; `new_id` is asked where one of them is cut in two. Where segments may
    overlap, nothing ever gives way. Raises WozError where there is no room, or something would leave the session.
    """
    assert new.start_ns is not None
    if way is Way.ROOM or overlap != Overlap.NONE:
        return tapped(existing, new, end_ns, overlap)
    if way is Way.FILL:
        return _filled(existing, new, duration_ns)
    if end_ns <= new.start_ns:
        raise WozError("A segment can't end before it starts; press I where it starts.")
    whole = replace(new, end_ns=end_ns)
    return (_replaced if way is Way.REPLACE else _pushed)(existing, whole, new_id, duration_ns)


def _filled(existing: Sequence[Annotation], new: Annotation, duration_ns: int) -> Edit:
    start, end = gap_at(existing, new.start_ns or 0, duration_ns)
    return Edit("Fill gap", (), (replace(new, start_ns=start, end_ns=end),))


def _replaced(existing: Sequence[Annotation], new: Annotation, new_id: Callable[[], AnnotationId], _: int) -> Edit:
    before, after = list[Annotation](), list[Annotation]()
    span = new.interval
    for each in existing:
        if each.end_ns is None or not each.interval.intersects(span):
            continue
        before.append(each)
        start, end = each.interval.start_ns, each.interval.end_ns
        left = [replace(each, end_ns=span.start_ns)] if start < span.start_ns else []
        right = [replace(each, start_ns=span.end_ns)] if span.end_ns < end else []
        after += left + [replace(part, id=new_id()) if left else part for part in right]
    return Edit("Replace", tuple(before), (new, *after))


def _pushed(
    existing: Sequence[Annotation], new: Annotation, new_id: Callable[[], AnnotationId], duration_ns: int
) -> Edit:
    """What begins at its start or later goes later by its length; what it lies in is cut in two."""
    before, after = list[Annotation](), list[Annotation]()
    at, by = new.interval.start_ns, new.interval.duration_ns
    for each in existing:
        start, end = each.interval.start_ns, each.interval.end_ns
        if start >= at:
            before.append(each)
            after.append(_later(each, by))
        elif end > at:
            before.append(each)
            after += [replace(each, end_ns=at), replace(_later(each, by), id=new_id(), start_ns=at + by)]
    if any(each.interval.end_ns > duration_ns for each in after):
        raise WozError("What comes after it would leave the session; make it shorter, or let it replace.")
    return Edit("Insert", tuple(before), (new, *after))


def ripple_delete(existing: Sequence[Annotation], segment: Annotation, links: Iterable[Link] = ()) -> Edit:
    """Without a segment, and those of the links that lead from or to it, what comes after it goes earlier by its
    length.
    """
    gone = with_links(Edit("Delete and close up", (segment,), ()), links)
    later = [each for each in existing if each.interval.start_ns >= segment.interval.end_ns and each != segment]
    by = -segment.interval.duration_ns
    return replace(gone, before=(*gone.before, *later), after=tuple(_later(each, by) for each in later))


def gap_at(existing: Sequence[Annotation], t_ns: int, duration_ns: int) -> tuple[int, int]:
    """Where the gap around a time begins and ends. Raises WozError where there is none."""
    spans = [each.interval for each in existing if each.end_ns is not None]
    if any(span.start_ns <= t_ns < span.end_ns for span in spans):
        raise WozError("There is no gap here to fill; Ctrl+G goes to the next one.")
    start = max((span.end_ns for span in spans if span.end_ns <= t_ns), default=0)
    end = min((span.start_ns for span in spans if span.start_ns > t_ns), default=duration_ns)
    return start, end


def next_gap(
    existing: Sequence[Annotation], t_ns: int, direction: int, duration_ns: int, least_ns: int
) -> tuple[int, int] | None:
    """The first gap of `least_ns` at least that begins after a time, or the last that begins before it."""
    gaps, end = list[tuple[int, int]](), 0
    for each in existing:
        if each.interval.start_ns - end >= least_ns:
            gaps.append((end, each.interval.start_ns))
        end = max(end, each.interval.end_ns)
    if duration_ns - end >= least_ns:
        gaps.append((end, duration_ns))
    if direction > 0:
        return next((gap for gap in gaps if gap[0] > t_ns), None)
    return next((gap for gap in reversed(gaps) if gap[0] < t_ns), None)


def nearest_edge(edges: Sequence[int], t_ns: int, within_ns: int) -> int | None:
    """Of some times the nearest, where one is near."""
    found = min(edges, key=lambda edge: abs(edge - t_ns), default=None)
    return found if found is not None and abs(found - t_ns) <= within_ns else None


def _later(each: Annotation, by_ns: int) -> Annotation:
    end = None if each.end_ns is None else each.end_ns + by_ns
    return replace(each, start_ns=(each.start_ns or 0) + by_ns, end_ns=end)
