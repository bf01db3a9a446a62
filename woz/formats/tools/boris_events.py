"""Events of BORIS, and the states that they start and stop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from woz.formats.reading import nanoseconds
from woz.formats.tools.boris_ethogram import Behaviour

Key = tuple[str, str, str]
"""A subject, a code, and modifiers: by these BORIS pairs starts and stops."""


@dataclass(frozen=True, slots=True)
class Event:
    """`frame` is the picture's number, None where it isn't known."""

    t_ns: int
    subject: str
    code: str
    modifiers: str = ""
    comment: str = ""
    frame: int | None = None

    @property
    def key(self) -> Key:
        return self.subject, self.code, self.modifiers


@dataclass(frozen=True, slots=True)
class Bout:
    """A point (`stop` is None), a state from start to stop, or the start of one that never stops (`unpaired`)."""

    start: Event
    stop: Event | None = None
    unpaired: bool = False


def event_of(cells: Sequence[Any]) -> Event:
    """Raises ValueError for a row that is no event."""
    if len(cells) < 3 or isinstance(cells[0], bool) or not isinstance(cells[0], int | float | str):
        raise ValueError(f"an event of it has no time, subject and code ({str(cells)[:80]})")
    subject, code, modifiers, comment, *_ = (
        str(cell) if isinstance(cell, str | int | float) else "" for cell in (*cells[1:5], "", "")
    )
    frame = cells[5] if len(cells) > 5 and isinstance(cells[5], int) and not isinstance(cells[5], bool) else None
    try:
        return Event(nanoseconds(cells[0]), subject, code, modifiers, comment, frame)
    except (ValueError, ArithmeticError):
        raise ValueError(f"an event of it has no time in seconds ({str(cells[0])[:40]!r})") from None


def bouts(events: Iterable[Event], ethogram: dict[str, Behaviour]) -> Iterator[Bout]:
    """In the order in which they end; unpaired ones last. A code that the ethogram lacks is a point."""
    open_: dict[Key, Event] = {}
    for event in events:
        behaviour = ethogram.get(event.code)
        if behaviour is None or not behaviour.state:
            yield Bout(event)
        elif start := open_.pop(event.key, None):
            yield Bout(start, event)
        else:
            open_[event.key] = event
    yield from (Bout(event, unpaired=True) for event in open_.values())
