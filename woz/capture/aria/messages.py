"""What the station and the process that holds the glasses' software tell each other. All times are int ns.

`device_ns` is the glasses' own clock, `arrival_ns` the machine's monotonic clock, which both processes share, less
the way that the glasses themselves tell of.
`turn` counts the passes over a recording: from one to the next the device clock may jump back.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from woz.capture.source import DeviceStatus


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture waits in the ring under this number."""

    number: int
    turn: int
    device_ns: int
    arrival_ns: int


@dataclass(frozen=True, slots=True)
class Sound:
    """Mono samples in -1..1; `device_ns` is the time of the first, `arrival_ns` when all had come."""

    turn: int
    device_ns: int
    arrival_ns: int
    samples: NDArray[np.float32]
    rate: int

    @property
    def length_ns(self) -> int:
        return len(self.samples) * 1_000_000_000 // self.rate


@dataclass(frozen=True, slots=True)
class Gaze:
    """Angles in radians, depth in metres, and the point in the upright picture in 0..1 where it is known."""

    turn: int
    device_ns: int
    arrival_ns: int
    yaw_rad: float
    pitch_rad: float
    depth_m: float
    point: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Condition:
    status: DeviceStatus


@dataclass(frozen=True, slots=True)
class Patience:
    """The next message may take this long: a call into the glasses' software can hold up the whole process."""

    within_s: float


@dataclass(frozen=True, slots=True)
class Alive:
    """Nothing to say, and well."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """The glasses could not be had, or gave up; the process ends. One sentence that says what to do."""

    text: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The recording that was replayed is at its end."""


class JobKind(StrEnum):
    BEGIN_RECORDING = "begin recording"
    END_RECORDING = "end recording"
    FETCH_RECORDING = "fetch recording"


@dataclass(frozen=True, slots=True)
class Job:
    """To the glasses: something that takes its time and is answered under its number."""

    number: int
    kind: JobKind
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """How a job went: `fault` is one sentence, empty where all went well."""

    number: int
    value: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Play:
    """To the glasses' speaker: mono samples in -1..1."""

    samples: NDArray[np.float32]
    rate: int


@dataclass(frozen=True, slots=True)
class Stop:
    """To the process: let go of the glasses and end."""


FromGlasses = Picture | Sound | Gaze | Condition | Patience | Alive | Refusal | Finished | Answer
ToGlasses = Job | Play | Stop
