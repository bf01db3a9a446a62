"""What the console shows and offers to the expert."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import av
import numpy as np
from numpy.typing import NDArray

from woz.link.ends.link_state import LinkState
from woz.live.seats.expert_log import Deed
from woz.model.ids import StepId
from woz.model.procedure import Procedure
from woz.model.protocol import Protocol as StudyProtocol


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
    has_microphone: bool = True
    """False: the expert joined without one, and says nothing but canned sentences."""
    trainee_has_earpiece: bool = True
    """False: the station was opened without one, and what is said to the trainee is heard by nobody there."""


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
