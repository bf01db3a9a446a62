"""How a new segment goes into a tier whose segments may not overlap: what is there gives way, or does not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from enum import Enum

from woz.annotation.boundaries import tapped
from woz.annotation.edits import Edit
from woz.annotation.linking import with_links
from woz.annotation.shifting import shifted
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
    frames: Sequence[int] = (),
) -> Edit:
    """A new segment from its start to a time, as one edit with what gives way to it.

    `existing` are those of the tier by time; `new_id` is asked where one of them is cut in two. Where segments may
    overlap, nothing ever gives way. What is pushed stays on `frames` (their times, ns). Raises WozError where there
    is no room, or something would leave the session.
    """
    assert new.start_ns is not None
    if way is Way.ROOM or overlap != Overlap.NONE:
        return tapped(existing, new, end_ns, overlap)
    if way is Way.FILL:
        return _filled(existing, new, duration_ns)
    if end_ns <= new.start_ns:
        raise WozError("A segment can't end before it starts; press I where it starts.")
    whole = replace(new, end_ns=end_ns)
    if way is Way.REPLACE:
        return _replaced(existing, whole, new_id)
    return _pushed(existing, whole, new_id, duration_ns, frames)


def _filled(existing: Sequence[Annotation], new: Annotation, duration_ns: int) -> Edit:
    start, end = gap_at(existing, new.start_ns or 0, duration_ns)
    return Edit("Fill gap", (), (replace(new, start_ns=start, end_ns=end),))


def _replaced(existing: Sequence[Annotation], new: Annotation, new_id: Callable[[], AnnotationId]) -> Edit:
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
    existing: Sequence[Annotation],
    new: Annotation,
    new_id: Callable[[], AnnotationId],
    duration_ns: int,
    frames: Sequence[int],
) -> Edit:
    """What begins at its start or later goes later by its length; what it lies in is cut in two."""
    before, left, later = list[Annotation](), list[Annotation](), list[Annotation]()
    at, by = new.interval.start_ns, new.interval.duration_ns
    for each in existing:
        start, end = each.interval.start_ns, each.interval.end_ns
        if start >= at:
            before.append(each)
            later.append(each)
        elif end > at:
            before.append(each)
            left.append(replace(each, end_ns=at))
            later.append(replace(each, id=new_id(), start_ns=at))
    after = shifted(later, by, frames, new.interval.end_ns)
    ends = [*(each.interval.end_ns + by for each in later), *(each.interval.end_ns for each in after)]
    if max(ends, default=0) > duration_ns:
        raise WozError("What comes after it would leave the session; make it shorter, or let it replace.")
    return Edit("Insert", tuple(before), (new, *left, *after))


def ripple_delete(
    existing: Sequence[Annotation], segment: Annotation, links: Iterable[Link] = (), frames: Sequence[int] = ()
) -> Edit:
    """Without a segment, and those of the links that lead from or to it, what comes after it goes earlier by its
    length, and stays on `frames` (their times, ns).
    """
    gone = with_links(Edit("Delete and close up", (segment,), ()), links)
    span = segment.interval
    later = [each for each in existing if each.interval.start_ns >= span.end_ns and each != segment]
    return replace(
        gone,
        before=(*gone.before, *later),
        after=tuple(shifted(later, -span.duration_ns, frames, span.start_ns)),
    )


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
