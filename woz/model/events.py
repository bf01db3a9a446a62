"""Events of a live session, as the journal keeps them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from woz.base.outside import Fields, Whole, read


class EventKind(StrEnum):
    SESSION_BEGIN = "session_begin"
    SESSION_END = "session_end"
    PEER_JOINED = "peer_joined"
    PEER_LEFT = "peer_left"
    STEP = "step"
    MISTAKE = "mistake"
    NOTE = "note"
    MUTE = "mute"
    UNMUTE = "unmute"
    GAP = "gap"
    DROP = "drop"
    CLOCK = "clock"
    DELAY = "delay"
    SOURCE = "source"
    DEVICE = "device"
    LINK = "link"
    MARK = "mark"
    CORRECTION = "correction"
    SNAPSHOT = "snapshot"
    CUE = "cue"
    STROKE = "stroke"
    BYSTANDER = "bystander"
    """A bystander asked not to be recorded (`asked` in the data is true), or is gone again (false)."""
    UNDO = "undo"
    """Somebody takes back something of their own; `of` is the `id` in the data of that event, which stays."""
    CONSENT = "consent"
    """Somebody agreed, just before the recording, while the project's database was away: `person`, the `kind` of
    consent, its `version`, `given_utc_ns`."""
    VOICE = "voice"
    """Something about the expert's own recording: how it arrived, how it compares with what was heard."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at a session time; `by` says who did it: a role, 'station' or 'console'."""

    t_ns: Whole
    kind: EventKind
    by: str
    data: Fields = field(default_factory=dict)

    def to_json(self) -> str:
        """One line of JSON."""
        return json.dumps(self.plain(), ensure_ascii=False)

    def plain(self) -> dict[str, object]:
        """As JSON has it."""
        return {"t_ns": self.t_ns, "kind": self.kind, "by": self.by, "data": dict(self.data)}

    @classmethod
    def from_json(cls, line: str | bytes) -> Event:
        """Raises ValueError for a line that is no event."""
        return read(line, cls)


def standing(events: Iterable[Event]) -> list[Event]:
    """The events that hold, in the order given: without what was taken back, and without the taking back.

    With a mistake goes its correction. Only what has an `id` can be taken back, and only by whoever did it.
    """
    known = list(events)
    undone = {(e.by, str(e.data.get("of"))) for e in known if e.kind == EventKind.UNDO}
    return [e for e in known if e.kind != EventKind.UNDO and not _names(e) & undone]


def _names(event: Event) -> set[tuple[str, str]]:
    keys = ("id", "of") if event.kind == EventKind.CORRECTION else ("id",)
    return {(event.by, str(event.data[key])) for key in keys if key in event.data}
