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
    """The view of another camera: a further one, or the first, where the glasses' became the main one."""
    EXPERT_GAZE = "expert_gaze"
    """Where the expert looked, as a point in the view that they saw."""
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

    @property
    def frames(self) -> str:
        """The table of a view's frames, in the session's folder; empty for what is no view."""
        if self.kind == StreamKind.OTHER_VIEW:
            return frames_of(self.view)
        return MAIN_FRAMES if self.kind == StreamKind.VIEW else ""


MAIN_FRAMES = "sensors/ego_frames.csv"


def frames_of(view: str) -> str:
    """The table of a further view's frames; without a name, of the first camera's."""
    return f"sensors/{view}_frames.csv" if view else "sensors/camera_frames.csv"
