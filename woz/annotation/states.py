"""Conversation states, derived from who speaks: trainee, expert, both, or nobody."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from itertools import pairwise

from woz.base.interval import Interval
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, TierId
from woz.model.made import Made
from woz.model.people import Role
from woz.model.transcript import Turn

_NAMESPACE = uuid.UUID("5f2d6d0e-6a3c-4a57-9f2f-6b0f5f3b8a10")


def conversation_states(
    turns: Sequence[Turn], duration_ns: int, tier_id: TierId, made: Made
) -> tuple[Annotation, ...]:
    """Intervals that cover [0, duration) without a gap, each labelled with the id of a conversation state.

    Times are the trainee's: the expert speaks when heard. Turns of others count for nobody.
    """
    cuts = {0, duration_ns}
    for turn in turns:
        cuts |= {min(max(t, 0), duration_ns) for t in (turn.interval.start_ns, turn.interval.end_ns)}
    edges = sorted(cuts)
    spans: list[tuple[str, Interval]] = []
    for start_ns, end_ns in pairwise(edges):
        state = _state(turns, start_ns)
        if spans and spans[-1][0] == state:
            spans[-1] = (state, spans[-1][1] | Interval(start_ns, end_ns))
        else:
            spans.append((state, Interval(start_ns, end_ns)))
    return tuple(
        Annotation(_id(tier_id, span), tier_id, span.start_ns, span.end_ns, state, made) for state, span in spans
    )


def _state(turns: Sequence[Turn], t_ns: int) -> str:
    speakers = {turn.speaker for turn in turns if t_ns in turn.interval} - {Role.OTHER}
    if len(speakers) == 2:
        return "both"
    return str(next(iter(speakers))) if speakers else "none"


def _id(tier_id: TierId, span: Interval) -> AnnotationId:
    return AnnotationId(uuid.uuid5(_NAMESPACE, f"{tier_id}/{span.start_ns}").hex)
