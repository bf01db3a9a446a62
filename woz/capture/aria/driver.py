"""What drives a pair of glasses, or their replay, inside the child process."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import av
import numpy as np
from av.video.reformatter import ColorRange
from numpy.typing import NDArray

from woz.capture.aria.messages import Condition, Gaze, Patience, Picture, Sound
from woz.capture.aria.outbox import Outbox
from woz.capture.aria.ring import PictureRing
from woz.capture.source import DeviceStatus

USUAL_PATIENCE_S = 8.0
CONNECT_PATIENCE_S = 90.0
"""The SDK's calls hold Python's lock: while one connects, the process is silent."""


class Outlet:
    """Where a driver leaves what the glasses give; any thread, never blocks."""

    def __init__(self, outbox: Outbox, ring: PictureRing) -> None:
        self._outbox = outbox
        self._ring = ring
        self._turn = 0
        self.given = 0

    def picture(self, device_ns: int, arrival_ns: int, image: av.VideoFrame) -> None:
        """An upright picture; it is brought to the size that the source announced, and to yuv420p."""
        size = (self._ring.address.width, self._ring.address.height)
        plain = image.reformat(*size, format="yuv420p", dst_color_range=ColorRange.MPEG)
        yuv = np.asarray(plain.to_ndarray(), np.uint8)
        self._put(Picture(self._ring.write(yuv), self._turn, device_ns, arrival_ns))

    def sound(self, device_ns: int, arrival_ns: int, samples: NDArray[np.float32], rate: int) -> None:
        self._put(Sound(self._turn, device_ns, arrival_ns, samples, rate))

    def gaze(
        self,
        device_ns: int,
        arrival_ns: int,
        angles: tuple[float, float],
        depth_m: float,
        point: tuple[float, float] | None,
    ) -> None:
        """`angles` are yaw and pitch in radians."""
        self._put(Gaze(self._turn, device_ns, arrival_ns, *angles, depth_m, point))

    def condition(self, status: DeviceStatus) -> None:
        self._outbox.put(Condition(status))

    def patience(self, within_s: float = USUAL_PATIENCE_S) -> None:
        """Say, before a call that may take long, how long."""
        self._outbox.put(Patience(within_s))

    def next_turn(self) -> None:
        """From here on the device clock may have jumped back."""
        self._turn += 1

    def _put(self, message: object) -> None:
        self.given += 1
        self._outbox.put(message)


class Driver(Protocol):
    """Travels to the child by pickle and opens there; only there it may import the SDK.

    Every method but `play` may take long and raises WozError where the glasses don't do it.
    """

    def open(self, outlet: Outlet) -> None:
        """Connect, and begin to give."""
        ...

    def finished(self) -> bool:
        """Whether there is no more to come. Raises WozError where the glasses have given up."""
        ...

    def status(self) -> DeviceStatus | None: ...

    def begin_recording(self) -> str:
        """Have the glasses record for themselves; the answer is what they call the recording."""
        ...

    def end_recording(self) -> None: ...

    def fetch_recording(self, name: str, target: Path) -> None:
        """Copy a recording that has ended from the glasses to a file."""
        ...

    def play(self, samples: NDArray[np.float32], rate: int) -> None:
        """Play mono samples on the glasses' speaker; never blocks."""
        ...

    def close(self) -> None: ...
