"""What the two live seats, station and console, show and offer to whoever sits there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import av
import numpy as np
from numpy.typing import NDArray

from woz.capture.source import DeviceStatus, GazeSample
from woz.expert_log import Deed
from woz.link.ends.link_state import LinkState
from woz.model.events import Event
from woz.model.ids import SessionId, StepId
from woz.model.procedure import Procedure
from woz.model.protocol import Protocol as StudyProtocol


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
    absence: Absence | None = None
    """None while the expert is here, and before the first time."""


@dataclass(frozen=True, slots=True)
class ConsoleStatus:
    """All that the console's window shows, taken at one moment."""

    link: LinkState
    recording: bool = False
    elapsed_ns: int = 0
    delay_ms: float | None = None
    muted: bool = False
    own_level_db: float = -90.0
    trainee_level_db: float = -90.0
    heard: bool = False
    """The station gets and plays the expert's voice now."""
    current_step: StepId | None = None
    upload: float | None = None
    """How much of the expert's own recording the station holds, 0 to 1; None before the session ends."""
    problem: str = ""
    open_mistakes: int = 0
    """Mistakes that the expert marked and that no correction followed yet."""
    unsent: int = 0
    """Marks that the station hasn't acknowledged; they are kept on this machine's disk."""
    cue: str = ""
    """The canned sentence that is being spoken, or waits to be."""
    observing: bool = False
    """This seat sees and hears only."""
    deeds: tuple[Deed, ...] = ()
    """What the expert did so far, and took back, in the order of time."""


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

    def record(self) -> None: ...

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
        """Into the journal, at a session time, or now; False while nothing is recorded."""
        ...

    def mark(self, name: str) -> None:
        """A mark of this name into the journal, now."""
        ...

    def chime(self) -> None:
        """Play the chime in the trainee's earpiece; not while recording."""
        ...

    def chime_heard(self, heard: bool) -> None:
        """Whether the trainee heard the chime."""
        ...


@dataclass(frozen=True, slots=True)
class ViewFrame:
    """A decoded picture of the trainee's view with when it was taken (None where unknown), on the station's clock.

    `gaze` is where the trainee looks, in parts of the picture, where the protocol shows it.
    """

    image: av.VideoFrame
    capture_ns: int | None = field(default=None)
    gaze: tuple[float, float] | None = None


class ConsoleListener(Protocol):
    """Called on any thread."""

    def status(self, status: ConsoleStatus) -> None: ...

    def view(self, frame: ViewFrame) -> None: ...

    def procedure(self, procedure: Procedure) -> None: ...

    def protocol(self, protocol: StudyProtocol) -> None: ...


class ConsoleSeat(Protocol):
    """What the expert can do. Times given to it are `now_ns`, the console's monotonic clock."""

    @property
    def observing(self) -> bool:
        """Whether this seat sees and hears only: then all that would say or mark something does nothing."""
        ...

    def now_ns(self) -> int: ...

    def mute(self, muted: bool) -> None: ...

    # What is done while nothing is recorded is kept nowhere; the answer is then False.

    def step(self, step_id: StepId) -> bool:
        """Say that this step of the procedure begins now."""
        ...

    def mistake(self, text: str = "") -> bool: ...

    def correct(self, text: str = "") -> bool:
        """The mistake that was marked last, and is still open, has been corrected."""
        ...

    def quick_mark(self, name: str) -> bool: ...

    def note(self, text: str, at_ns: int | None = None) -> bool:
        """Keep a note; its time is when the expert began to type it, where that is given."""
        ...

    def undo(self, deed_id: str = "") -> Deed | None:
        """Take back something that was done, or the last of it; the journal keeps both. None where none is."""
        ...

    def stroke(self, points: Sequence[tuple[float, float]], began_ns: int) -> None:
        """A line drawn on the view; points are parts of the picture's width and height, 0 to 1."""
        ...

    def cue(self, text: str, samples: NDArray[np.float32]) -> None:
        """Say a canned sentence, given as sound at 48 kHz, in place of the microphone."""
        ...

    def stop_cues(self) -> None: ...

    def volume(self, gain: float) -> None:
        """How loud the trainee is for the expert: 1 is as it comes. Nothing recorded is changed by it."""
        ...

    def snapshot(self) -> Path | None:
        """Keep the picture shown last; None where there is none yet. Raises WozError where it can't be written."""
        ...

    def shown(self, frame: ViewFrame) -> None:
        """The window has painted this frame just now."""
        ...

    def leave(self) -> None: ...
