"""What the expert did, as it travels: numbered messages, checked and taken in order, each once."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from woz.base.outside import Whole, checked
from woz.link.messages.messages import Message, MessageKind, whole_text
from woz.model.events import Event, EventKind
from woz.model.people import Role

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
        EventKind.UNDO,
    }
)
MAX_POINTS = 500
MAX_TEXT = 2_000
MAX_OUTBOXES = 100
Part = Annotated[float, Meta(ge=0, le=1)]


@dataclass(frozen=True, slots=True)
class _Told:
    """An event of the expert, of which each kind has its own part."""

    event: EventKind
    t_ns: Whole
    step_id: str | UnsetType = UNSET
    name: str | UnsetType = UNSET
    text: str | UnsetType = UNSET
    id: str | UnsetType = UNSET
    of: str | UnsetType = UNSET
    file: str | UnsetType = UNSET
    begin_ns: Whole | UnsetType = UNSET
    end_ns: Whole | UnsetType = UNSET
    capture_ns: Whole | UnsetType = UNSET
    lost: Whole | UnsetType = UNSET
    points: Annotated[tuple[tuple[Part, Part], ...], Meta(min_length=1, max_length=MAX_POINTS)] | UnsetType = UNSET
    """In parts of the picture."""


def event_message(outbox: str, number: int, event: Event) -> Message:
    """An event of the expert on its way to the station."""
    data = {"outbox": outbox, "number": number, "event": event.kind, "t_ns": event.t_ns, **event.data}
    return Message(MessageKind.EVENT, data)


def expert_event(message: Message) -> Event:
    """The event of a message, with what is known of its kind alone. Raises ValueError for anything else."""
    told = checked(dict(message.data), _Told)
    if told.event not in KINDS:
        raise ValueError(f"{told.event} is nothing that an expert does")
    if (told.event == EventKind.STROKE) != (told.points is not UNSET):
        raise ValueError("a stroke without points, or points without a stroke")
    own = {key: value for key, value in asdict(told).items() if value is not UNSET and key not in ("event", "t_ns")}
    return Event(told.t_ns, told.event, Role.EXPERT, {key: _kept(value) for key, value in own.items()})


def _kept(value: str | int | tuple[tuple[float, float], ...]) -> object:
    """Texts are cut, points are rounded."""
    if isinstance(value, str):
        return whole_text(value)[:MAX_TEXT]
    if isinstance(value, tuple):
        return [[round(x, 4), round(y, 4)] for x, y in value]
    return value


class Intake:
    """Which events of each console's outbox the station has: it takes the next number only."""

    def __init__(self) -> None:
        self._last: dict[str, int] = {}

    def is_next(self, outbox: str, number: int) -> bool:
        known = outbox in self._last or len(self._last) < MAX_OUTBOXES
        return known and number == self.last(outbox) + 1

    def took(self, outbox: str, number: int) -> None:
        """It counts as taken from now on; any other than the next one changes nothing."""
        if self.is_next(outbox, number):
            self._last[outbox] = number

    def last(self, outbox: str) -> int:
        return self._last.get(outbox, 0)
