"""Events of a live session, as the journal keeps them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


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
    VOICE = "voice"
    """Something about the expert's own recording: how it arrived, how it compares with what was heard."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at a session time; `by` says who did it: a role, 'station' or 'console'."""

    t_ns: int
    kind: EventKind
    by: str
    data: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> str:
        """One line of JSON."""
        return json.dumps(
            {"t_ns": self.t_ns, "kind": self.kind, "by": self.by, "data": dict(self.data)}, ensure_ascii=False
        )

    @classmethod
    def from_json(cls, line: str) -> Event:
        """Raises ValueError for a line that is no event."""
        try:
            raw = json.loads(line)
            return cls(int(raw["t_ns"]), EventKind(raw["kind"]), str(raw["by"]), dict(raw["data"]))
        except (KeyError, TypeError) as error:
            raise ValueError(f"not an event: {line[:80]!r}") from error
