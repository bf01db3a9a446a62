"""What Aria Gen 1's streaming client calls: any object with these methods serves it."""

from __future__ import annotations

from typing import Any

import av
import numpy as np

from woz.base.clock import SystemClock
from woz.capture.aria.driver import Outlet
from woz.capture.vrs_reader import mixed_down

FULL_SCALE = 2.0**31
AUDIO_RATE = 48_000


class Gen1Observer:
    """Hands pictures and sound to the outlet. It is called on the SDK's threads."""

    def __init__(self, outlet: Outlet, rgb_camera: object) -> None:
        """`rgb_camera` is the SDK's id of the colour camera; pictures of others are passed over."""
        self._outlet = outlet
        self._rgb_camera = rgb_camera
        self._clock = SystemClock()
        self.failure = ""

    def on_image_received(self, image: Any, record: Any) -> None:
        """The camera is mounted sideways, so its pictures are turned by a quarter."""
        if record.camera_id != self._rgb_camera or record.capture_timestamp_ns <= 0:
            return
        arrival_ns = self._clock.now_ns()
        upright = np.ascontiguousarray(np.rot90(image, -1))
        picture = av.VideoFrame.from_ndarray(upright, format="rgb24")
        self._outlet.picture(record.capture_timestamp_ns, arrival_ns, picture)

    def on_audio_received(self, audio_data: Any, record: Any) -> None:
        """Seven microphones, 32 bits, interleaved, with a time stamp for each frame."""
        times = record.capture_timestamps_ns
        if len(times) and times[0] > 0:
            samples = mixed_down(audio_data.data, len(times), FULL_SCALE)
            self._outlet.sound(times[0], self._clock.now_ns(), samples, AUDIO_RATE)

    def on_streaming_client_failure(self, reason: Any, message: str) -> None:
        self.failure = f"{getattr(reason, 'name', reason)}: {message}"
