"""What an annotator does to the intervals of a tier, each as an edit. They are given by time, and never overlap.

All raise WozError, in words for the annotator, where the edit can't be made.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace

from woz.annotation.edits import Edit
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.model.annotation import Annotation, Attribute
from woz.model.ids import AnnotationId, TierId
from woz.model.made import Made
from woz.model.own_schemes import MISTAKE


def create(
    existing: Sequence[Annotation],
    annotation_id: AnnotationId,
    tier_id: TierId,
    span: Interval,
    label: str,
    made: Made,
    attributes: tuple[Attribute, ...] = (),
) -> Edit:
    """A new segment, trimmed to the room between its neighbours."""
    room = _room(existing, span.start_ns)
    if room is None:
        raise WozError("There is a segment here already; split or move it instead.")
    trimmed = span & room
    if not trimmed:
        raise WozError("There is no room for a segment here; begin it where there is a gap (Ctrl+G).")
    new = Annotation(annotation_id, tier_id, trimmed.start_ns, trimmed.end_ns, label, made, attributes)
    return Edit("New segment", (), (new,))


def split(segment: Annotation, at_ns: int, new_id: AnnotationId) -> Edit:
    """Two segments of the same label, cut at a time inside."""
    try:
        first, second = segment.interval.split(at_ns)
    except ValueError:
        raise WozError("Move the playhead into the segment to split it.") from None
    parts = (_spanning(segment, first), replace(_spanning(segment, second), id=new_id))
    return Edit("Split segment", (segment,), parts)


def merge(existing: Sequence[Annotation], segment: Annotation) -> Edit:
    """A segment with the one after it; the first one's label stays, both notes are kept."""
    at = bisect_left(existing, segment.interval.end_ns, key=_start)
    following = next((each for each in existing[at : at + 2] if each.id != segment.id), None)
    if following is None:
        raise WozError("There is no segment after this one to merge with.")
    note = "; ".join(text for text in (segment.note, following.note) if text)
    own = {each.key for each in segment.attributes}
    more = tuple(each for each in following.attributes if each.key not in own)
    both = _spanning(segment, segment.interval | following.interval)
    merged = replace(both, note=note, attributes=(*segment.attributes, *more))
    return Edit("Merge segments", (segment, following), (merged,))


def relabel(segment: Annotation, label: str) -> Edit:
    return Edit("Change label", (segment,), (replace(segment, label=label),))


def set_mistake(segment: Annotation, mistake: bool) -> Edit:
    marked = segment.with_value(MISTAKE, True if mistake else None)
    return Edit("Mark mistake" if mistake else "Unmark mistake", (segment,), (marked,))


def set_note(segment: Annotation, note: str) -> Edit:
    return Edit("Change note", (segment,), (replace(segment, note=note),))


def move_point(point: Annotation, t_ns: int) -> Edit:
    return Edit("Move point", (point,), (replace(point, start_ns=t_ns),))


def delete(segment: Annotation) -> Edit:
    return Edit("Delete segment", (segment,), ())


def snapped(t_ns: int, grid_ns: Sequence[int]) -> int:
    """The nearest time of a rising grid (the frames' times); the time itself where the grid is empty."""
    if not grid_ns:
        return t_ns
    i = bisect_left(grid_ns, t_ns)
    return min(grid_ns[max(0, i - 1) : i + 1], key=lambda g: abs(g - t_ns))


def _room(existing: Sequence[Annotation], t_ns: int) -> Interval | None:
    """The free span around a time; None inside a segment."""
    after = bisect_right(existing, t_ns, key=_start)
    start = max((each.interval.end_ns for each in existing[max(0, after - 2) : after]), default=0)
    end = existing[after].interval.start_ns if after < len(existing) else 2**62
    return Interval(start, end) if start <= t_ns else None


def _start(segment: Annotation) -> int:
    return segment.interval.start_ns


def _spanning(segment: Annotation, span: Interval) -> Annotation:
    return replace(segment, start_ns=span.start_ns, end_ns=span.end_ns)
