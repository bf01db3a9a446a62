"""Steps of the procedure, from the marks that the expert made live."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace

from woz.base.interval import Interval
from woz.model.annotation import Segment
from woz.model.events import Event, EventKind, standing
from woz.model.ids import SegmentId, TierId

_NAMESPACE = uuid.UUID("0d5c2c2b-57c5-4a38-8f7b-2d1c2a9e7a44")


def steps_from_marks(events: Sequence[Event], duration_ns: int, tier_id: TierId) -> tuple[Segment, ...]:
    """A step lasts from its mark to the next one, the last until the session's end.

    A mistake marks the step it falls into; what was written with it becomes the step's note. What was taken back
    doesn't count.
    """
    events = standing(events)
    marks = sorted((e for e in events if e.kind == EventKind.STEP and "step_id" in e.data), key=lambda e: e.t_ns)
    ends = [*(mark.t_ns for mark in marks[1:]), duration_ns]
    segments = []
    for number, (mark, end_ns) in enumerate(zip(marks, ends, strict=False)):
        span = Interval(min(mark.t_ns, end_ns), end_ns)
        if span:
            segment_id = SegmentId(uuid.uuid5(_NAMESPACE, f"{tier_id}/{number}/{mark.t_ns}").hex)
            segments.append(_with_mistakes(Segment(segment_id, tier_id, span, str(mark.data["step_id"])), events))
    return tuple(segments)


def _with_mistakes(segment: Segment, events: Sequence[Event]) -> Segment:
    mistakes = [e for e in events if e.kind == EventKind.MISTAKE and e.t_ns in segment.interval]
    notes = [str(e.data.get("text", "")) for e in mistakes]
    return replace(segment, mistake=bool(mistakes), note="; ".join(note for note in notes if note))
