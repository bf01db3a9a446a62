"""Edges that two segments share, and segments made one after the other while playing."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace

from woz.annotation import commands
from woz.annotation.edits import Edit
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.model.annotation import Annotation
from woz.model.scheme import Overlap


def partner(existing: Sequence[Annotation], segment: Annotation, at_start: bool) -> Annotation | None:
    """The segment that has the same edge, on its other side."""
    edge = segment.interval.start_ns if at_start else segment.interval.end_ns
    if at_start:
        last = bisect_left(existing, edge, key=_start)
        before = existing[max(0, last - 2) : last]
        return next((each for each in before if each.id != segment.id and each.end_ns == edge), None)
    first = bisect_left(existing, edge, key=_start)
    after = existing[first : first + 2]
    return next((each for each in after if each.id != segment.id and each.start_ns == edge and each.end_ns), None)


def move_edge(
    existing: Sequence[Annotation],
    segment: Annotation,
    at_start: bool,
    t_ns: int,
    apart: bool = False,
    overlap: Overlap = Overlap.NONE,
) -> Edit:
    """Move an edge; where another segment has the same, it moves with it, unless they are to part.

    An edge that has room goes as far as the next segment where none may overlap. Raises WozError where a segment
    would become empty.
    """
    together = None if apart or overlap != Overlap.NONE else partner(existing, segment, at_start)
    if together is None and overlap == Overlap.NONE:
        t_ns = _with_room(existing, segment, at_start, t_ns)
    moved = [_moved(segment, at_start, t_ns)]
    if together is not None:
        moved.append(_moved(together, not at_start, t_ns))
    before = (segment,) if together is None else (segment, together)
    if tuple(moved) == before:
        return Edit("Move edge", (), ())
    return Edit("Move edge" if together is None else "Move edges", before, tuple(moved))


def tapped(existing: Sequence[Annotation], new: Annotation, end_ns: int, overlap: Overlap = Overlap.NONE) -> Edit:
    """A segment that was begun at a time and is ended at another, before the next one where none may overlap.

    Raises WozError where there is no room.
    """
    assert new.start_ns is not None
    if overlap != Overlap.NONE:
        return Edit("New segment", (), (replace(new, end_ns=max(end_ns, new.start_ns + 1)),))
    span = Interval(new.start_ns, max(new.start_ns, end_ns))
    return commands.create(existing, new.id, new.tier_id, span, new.label, new.made, new.attributes)


def _moved(segment: Annotation, at_start: bool, t_ns: int) -> Annotation:
    span = segment.interval
    start, end = (t_ns, span.end_ns) if at_start else (span.start_ns, t_ns)
    if start >= end:
        raise WozError("A segment can't end before it starts; delete it instead (Delete).")
    return replace(segment, start_ns=start, end_ns=end)


def _with_room(existing: Sequence[Annotation], segment: Annotation, at_start: bool, t_ns: int) -> int:
    if at_start:
        last = bisect_right(existing, segment.interval.start_ns, key=_start)
        ends = [each.interval.end_ns for each in existing[max(0, last - 3) : last] if each.id != segment.id]
        return max([t_ns, *(end for end in ends if end <= segment.interval.start_ns)])
    first = bisect_left(existing, segment.interval.end_ns, key=_start)
    return min([t_ns, *(each.interval.start_ns for each in existing[first : first + 1])])


def _start(segment: Annotation) -> int:
    return segment.interval.start_ns
