"""What the station shows and offers to its operator."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import av

from woz.capture.source import DeviceStatus, GazeSample, Way
from woz.link.ends.link_state import LinkState
from woz.model.events import Event
from woz.model.ids import SessionId
from woz.model.procedure import Procedure


class StationPhase(StrEnum):
    READY = "ready"
    RECORDING = "recording"
    CLOSING = "closing"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Absence:
    """The expert was here and isn't any more, since this session time; None where that was before the recording."""

    since_ns: int | None = None


@dataclass(frozen=True, slots=True)
class StationStatus:
    """All that the station's window shows, taken at one moment. Levels are peaks in dBFS (-90 is silence)."""

    phase: StationPhase
    link: LinkState
    elapsed_ns: int = 0
    trainee_level_db: float = -90.0
    expert_level_db: float = -90.0
    captured: int = 0
    recorded: int = 0
    dropped: int = 0
    view_fps: float = 0.0
    delay_ms: float | None = None
    disk_free_bytes: int = 0
    disk_minutes: float | None = None
    problem: str = ""
    device: DeviceStatus | None = None
    view_fps_wanted: float = 0.0
    view_way: Way = Way.WIFI
    trainee_heard_ago_s: float | None = None
    """Since there was anything as loud as speech; None where there never was."""
    expert_heard_ago_s: float | None = None
    trainee_clipped: bool = False
    """Within the last seconds."""
    expert_clipped: bool = False
    expert_speaking: bool = False
    earpiece_heard: bool | None = None
    """Whether the trainee heard the chime; None before it was asked."""
    clock_residual_ms: float | None = None
    """95th percentile of what the clock map of the console leaves over."""
    loss: float | None = None
    """Part of the link's packets that is lost, 0 to 1."""
    bit_rate: float | None = None
    """Of the view on the link, in bits a second."""
    observers: int = 0
    sound_losses: int = 0
    """How often the microphone's or the earpiece's buffer ran over or dry."""
    takes_trainee: bool = True
    """Whether there is a microphone, or a source with sound, for the trainee's voice."""
    has_earpiece: bool = True
    expert_is_here: bool = False
    """Whether the console runs on this machine, so that no network lies between."""
    expert_has_microphone: bool = True
    """False: the expert who is here joined without one, and says nothing but canned sentences."""
    absence: Absence | None = None
    """None while the expert is here, and before the first time."""
    awaits: str = ""
    """What the end of the session waits for, though nothing is wrong."""


class StationListener(Protocol):
    """Called on any thread; a window's bridge takes the calls to its own."""

    def status(self, status: StationStatus) -> None: ...

    def preview(self, image: av.VideoFrame) -> None: ...

    def journalled(self, event: Event) -> None: ...


class StationSeat(Protocol):
    """What the operator can do. Calls return soon; what they lead to shows in the status."""

    @property
    def session_id(self) -> SessionId: ...

    @property
    def invitation(self) -> str: ...

    @property
    def observer_invitation(self) -> str:
        """For those who may see and hear, and nothing else."""
        ...

    @property
    def procedure(self) -> Procedure: ...

    def record(self) -> None:
        """Begin the session. Raises WozError where that can't be, which the status tells as well."""
        ...

    def stop(self) -> None: ...

    @property
    def session_ns(self) -> int | None:
        """Session time; None while nothing is recorded."""
        ...

    @property
    def gaze(self) -> GazeSample | None:
        """The newest, where the source gives any."""
        ...

    def note(self, text: str, at_ns: int | None = None) -> bool:
        """Into the journal, at a session time, or now; False where it isn't kept, as while nothing is recorded."""
        ...

    def mark(self, name: str) -> bool:
        """A mark of this name into the journal, now; False where it isn't kept."""
        ...

    def bystander(self, asked: bool) -> bool:
        """A bystander asked not to be recorded, or is gone again: into the journal, now; False as for a mark."""
        ...

    def chime(self) -> None:
        """Play the chime in the trainee's earpiece; not while recording."""
        ...

    def chime_heard(self, heard: bool) -> None:
        """Whether the trainee heard the chime."""
        ...
