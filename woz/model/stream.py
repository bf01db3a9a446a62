"""The recorded streams of a session."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from woz.base.interval import Interval
from woz.model.ids import SessionId, StreamId


class StreamKind(StrEnum):
    VIEW = "view"
    TRAINEE_VOICE = "trainee"
    EXPERT_HEARD = "expert_heard"
    EXPERT_SAID = "expert_said"
    GAZE = "gaze"
    OTHER_VIEW = "other_view"
    """The view of a second camera, where the glasses' became the main one."""
    ROOM = "room"
    """The camera's own sound, where the trainee had a microphone."""


@dataclass(frozen=True, slots=True)
class Stream:
    """One recorded stream: where it lies in the session's folder, and when it runs.

    `clock_map` is the JSON form of a `woz.timing.clock_map.ClockMap`, or None for streams whose time stamps are
    session time already.
    """

    id: StreamId
    session_id: SessionId
    kind: StreamKind
    path: str
    track: int
    interval: Interval
    clock_map: str | None = None
    sha256: str | None = None
    view: str = ""
    """The camera that a view, or what belongs to one, is of; empty for the trainee's own."""
