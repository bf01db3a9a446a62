"""What an annotator does to segments, each as an edit. Segments of one tier never overlap.

All raise WozError, in words for the annotator, where the edit can't be made.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from woz.annotation.edits import Edit
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.model.annotation import Segment
from woz.model.ids import SegmentId, TierId


def create(existing: Sequence[Segment], segment_id: SegmentId, tier_id: TierId, span: Interval, label: str) -> Edit:
    """A new segment, trimmed to the room between its neighbours."""
    room = _room(existing, span.start_ns)
    if room is None:
        raise WozError("There is a segment here already; split or move it instead.")
    trimmed = span & room
    if not trimmed:
        raise WozError("There is no room for a segment here.")
    return Edit("New segment", (), (Segment(segment_id, tier_id, trimmed, label),))


def set_interval(existing: Sequence[Segment], segment: Segment, span: Interval) -> Edit:
    """Move a segment or one of its edges; its neighbours stay where they are."""
    if not span:
        raise WozError("A segment can't be empty.")
    others = [s for s in existing if s.id != segment.id]
    if any(other.interval.intersects(span) for other in others):
        raise WozError("It would cover its neighbour; move the neighbour first.")
    return Edit("Move segment", (segment,), (replace(segment, interval=span),))


def split(segment: Segment, at_ns: int, new_id: SegmentId) -> Edit:
    """Two segments of the same label, cut at a time inside."""
    try:
        first, second = segment.interval.split(at_ns)
    except ValueError:
        raise WozError("Move the playhead into the segment to split it.") from None
    parts = (replace(segment, interval=first), replace(segment, id=new_id, interval=second))
    return Edit("Split segment", (segment,), parts)


def merge(existing: Sequence[Segment], segment: Segment) -> Edit:
    """A segment with the one after it; the first one's label stays, both notes are kept."""
    later = [s for s in existing if s.interval.start_ns >= segment.interval.end_ns and s.id != segment.id]
    if not later:
        raise WozError("There is no segment after this one to merge with.")
    following = min(later, key=lambda s: s.interval)
    note = "; ".join(text for text in (segment.note, following.note) if text)
    both = replace(
        segment,
        interval=segment.interval | following.interval,
        note=note,
        mistake=segment.mistake or following.mistake,
    )
    return Edit("Merge segments", (segment, following), (both,))


def relabel(segment: Segment, label: str) -> Edit:
    return Edit("Change label", (segment,), (replace(segment, label=label),))


def set_mistake(segment: Segment, mistake: bool) -> Edit:
    return Edit("Mark mistake" if mistake else "Unmark mistake", (segment,), (replace(segment, mistake=mistake),))


def set_note(segment: Segment, note: str) -> Edit:
    return Edit("Change note", (segment,), (replace(segment, note=note),))


def delete(segment: Segment) -> Edit:
    return Edit("Delete segment", (segment,), ())


def snapped(t_ns: int, grid_ns: Sequence[int]) -> int:
    """The nearest time of a rising grid (the frames' times); the time itself where the grid is empty."""
    if not grid_ns:
        return t_ns
    i = bisect_left(grid_ns, t_ns)
    return min(grid_ns[max(0, i - 1) : i + 1], key=lambda g: abs(g - t_ns))


def _room(existing: Sequence[Segment], t_ns: int) -> Interval | None:
    """The free span around a time; None inside a segment."""
    if any(t_ns in s.interval for s in existing):
        return None
    start = max((s.interval.end_ns for s in existing if s.interval.end_ns <= t_ns), default=0)
    end = min((s.interval.start_ns for s in existing if s.interval.start_ns > t_ns), default=2**62)
    return Interval(start, end)
