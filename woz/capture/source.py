"""What a source of the trainee's view is, and the values that it gives."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol, runtime_checkable

import av
import numpy as np
from numpy.typing import NDArray

from woz.base.colours_kept import Colours
from woz.base.errors import WozError


@dataclass(frozen=True, slots=True)
class VideoFrame:
    """One upright picture of the view, in yuv420p.

    `index` counts the source's frames from 0; `device_ns` is the start of exposure on the source's own clock,
    `arrival_ns` the station's monotonic clock when the station got it, less the time that it was under way, where
    the device tells it.
    """

    index: int
    device_ns: int
    arrival_ns: int
    image: av.VideoFrame


@dataclass(frozen=True, slots=True)
class AudioBlock:
    """Mono samples in -1..1, shape (n,), of which the first was taken at `device_ns`.

    `arrival_ns` is, of a source's sound, when the station got the block, which is after its last sample (less its
    way, as for pictures); of a microphone's, the time at which the first sample was at the converter.
    `called_ns` is when a sound card's driver handed the block over, None where there is none; `lost` says that the
    driver told of sound that is missing before it.
    """

    device_ns: int
    arrival_ns: int
    samples: NDArray[np.float32]
    rate: int
    called_ns: int | None = None
    lost: bool = False

    @property
    def end_ns(self) -> int:
        """Device time of the end of the last sample."""
        return self.device_ns + len(self.samples) * 1_000_000_000 // self.rate


@dataclass(frozen=True, slots=True)
class GazeSample:
    """Where the wearer looks, as Aria gives it: angles in radians in the central pupil frame, depth in metres.

    `x`, `y` are the same point in the upright picture, 0..1 from its left and upper edge; None where the source has
    no calibration, or the point is outside the picture.
    """

    device_ns: int
    arrival_ns: int
    yaw_rad: float
    pitch_rad: float
    depth_m: float
    x: float | None = None
    y: float | None = None


@dataclass(frozen=True, slots=True)
class DeviceStatus:
    """How the glasses are; None where they don't say. `latency_ms` is their own, from exposure to arrival."""

    battery_percent: float | None = None
    charging: bool | None = None
    temperature_c: float | None = None
    wifi: str = ""
    recording: bool | None = None
    latency_ms: float | None = None
    problem: str = ""
    """What the operator has to know or do, one sentence; empty where all is well."""
    skipped: int = 0
    """Pictures that the station lost on their way from the glasses, since it began to listen to them."""


class Way(StrEnum):
    """How pictures come to the station."""

    WIFI = "wifi"
    CABLE = "cable"
    CAMERA = "camera"
    """From no glasses, by a cable."""
    FILE = "file"
    DRAWN = "drawn"
    """By this program; as for a file, no device gives them."""


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What a source will give. `own_clock` is False where device times are the station's monotonic clock."""

    name: str
    width: int
    height: int
    fps: float
    audio_rate: int | None = None
    gaze: bool = False
    own_clock: bool = True
    way: Way = Way.WIFI
    colours: Colours | None = None
    """What the source says of its pictures' colours; None where it says nothing."""


class Sink(Protocol):
    """Takes what a source gives, on the source's threads; must not block for long."""

    def video(self, frame: VideoFrame) -> None: ...

    def audio(self, block: AudioBlock) -> None: ...

    def gaze(self, sample: GazeSample) -> None: ...

    def status(self, status: DeviceStatus) -> None: ...

    def ended(self, fault: WozError | None) -> None:
        """The source gives no more: at its end (None) or because of a fault."""
        ...


class Source(Protocol):
    """A source of the view. It is paced: it gives each frame at the time it happens."""

    @property
    def info(self) -> SourceInfo: ...

    def start(self, sink: Sink) -> None:
        """Begin to give; returns at once. Raises WozError where the source can't begin."""
        ...

    def stop(self) -> None:
        """Give no more; returns when the last call to the sink has returned. Harmless when not started."""
        ...


@runtime_checkable
class OwnRecorder(Protocol):
    """A source whose device also records for itself."""

    @property
    def records_itself(self) -> bool:
        """Whether it was asked to."""
        ...

    def begin_own_recording(self) -> None:
        """Returns at once; that it failed shows in the status."""
        ...

    def end_own_recording(self) -> str:
        """Returns when it has ended; the answer is its name on the device. Raises WozError."""
        ...

    def fetch_own_recording(self, target: Path) -> None:
        """Copy what has ended to a file; may take minutes. Raises WozError, with no file left."""
        ...


@runtime_checkable
class TalkBack(Protocol):
    """A source whose device has a loudspeaker that can be played on."""

    @property
    def speaker_delay_ns(self) -> int | None:
        """From `play` to the ear, as far as it is known; None where it can't be played on."""
        ...

    def play(self, samples: NDArray[np.float32], rate: int) -> None:
        """Mono samples in -1..1; never blocks."""
        ...
