"""Steps of the procedure, from the marks that the expert made live."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace

from woz.base.interval import Interval
from woz.model.annotation import Annotation
from woz.model.events import Event, EventKind, standing
from woz.model.ids import AnnotationId, TierId
from woz.model.made import Made
from woz.model.own_schemes import MISTAKE

_NAMESPACE = uuid.UUID("0d5c2c2b-57c5-4a38-8f7b-2d1c2a9e7a44")


def steps_from_marks(
    events: Sequence[Event], duration_ns: int, tier_id: TierId, made: Made
) -> tuple[Annotation, ...]:
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
            key = AnnotationId(uuid.uuid5(_NAMESPACE, f"{tier_id}/{number}/{mark.t_ns}").hex)
            label = str(mark.data["step_id"])
            step = Annotation(key, tier_id, span.start_ns, span.end_ns, label, made)
            segments.append(_with_mistakes(step, events))
    return tuple(segments)


def _with_mistakes(step: Annotation, events: Sequence[Event]) -> Annotation:
    mistakes = [e for e in events if e.kind == EventKind.MISTAKE and e.t_ns in step.interval]
    notes = [str(e.data.get("text", "")) for e in mistakes]
    noted = replace(step, note="; ".join(note for note in notes if note))
    return noted.with_value(MISTAKE, True) if mistakes else noted
