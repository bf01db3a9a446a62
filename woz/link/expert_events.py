"""What the expert did, as it travels: numbered messages, checked and taken in order, each once."""

from __future__ import annotations

import math
from typing import Any

from woz.events import Event, EventKind
from woz.link.messages import Message, MessageKind
from woz.session import Role

KINDS = frozenset(
    {
        EventKind.STEP,
        EventKind.MISTAKE,
        EventKind.CORRECTION,
        EventKind.NOTE,
        EventKind.MARK,
        EventKind.MUTE,
        EventKind.UNMUTE,
        EventKind.SNAPSHOT,
        EventKind.CUE,
        EventKind.STROKE,
        EventKind.SOURCE,
    }
)
MAX_POINTS = 500
MAX_OUTBOXES = 100
_TEXTS = ("step_id", "name", "text", "id", "of", "file")
_NUMBERS = ("begin_ns", "end_ns", "capture_ns", "lost")


def event_message(outbox: str, number: int, event: Event) -> Message:
    """An event of the expert on its way to the station."""
    data = {"outbox": outbox, "number": number, "event": event.kind, "t_ns": event.t_ns, **event.data}
    return Message(MessageKind.EVENT, data)


def expert_event(message: Message) -> Event:
    """The event of a message, with what is known of its kind alone. Raises ValueError for anything else."""
    kind = EventKind(message.text("event", 40))
    if kind not in KINDS:
        raise ValueError(f"{kind} is nothing that an expert does")
    data: dict[str, Any] = {key: message.text(key) for key in _TEXTS if key in message.data}
    data |= {key: message.integer(key) for key in _NUMBERS if key in message.data}
    if kind == EventKind.STROKE:
        data["points"] = _points(message.data.get("points"))
    return Event(message.integer("t_ns"), kind, Role.EXPERT, data)


def _points(raw: object) -> list[list[float]]:
    if not isinstance(raw, list) or not 0 < len(raw) <= MAX_POINTS:
        raise ValueError("no stroke, or too long a one")
    return [_point(pair) for pair in raw]


def _point(raw: object) -> list[float]:
    if not isinstance(raw, list) or len(raw) != 2 or not all(isinstance(v, int | float) for v in raw):
        raise ValueError("no point")
    if not all(math.isfinite(v) and 0 <= v <= 1 for v in raw):
        raise ValueError("a point beside the picture")
    return [round(float(v), 4) for v in raw]


class Intake:
    """Which events of each console's outbox the station has: it takes the next number only."""

    def __init__(self) -> None:
        self._last: dict[str, int] = {}

    def takes(self, outbox: str, number: int) -> bool:
        """Whether this event is the next one; it counts as taken then."""
        known = outbox in self._last or len(self._last) < MAX_OUTBOXES
        if not known or number != self.last(outbox) + 1:
            return False
        self._last[outbox] = number
        return True

    def last(self, outbox: str) -> int:
        return self._last.get(outbox, 0)
