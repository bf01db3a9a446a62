"""The callbacks of Aria Gen 2's stream interface, the same for live glasses and for the SDK's replay."""

from __future__ import annotations

import logging
from typing import Any

import numpy as np

from woz.base.clock import SystemClock
from woz.capture.aria.driver import Outlet
from woz.capture.aria.gaze_point import GazeProjector
from woz.capture.aria.h265 import H265Decoder
from woz.capture.aria.own_latency import OwnLatency
from woz.capture.vrs_reader import mixed_down

log = logging.getLogger(__name__)

FULL_SCALE = 2.0**31
"""Samples come as 32-bit integers here, though a file gives the same ones on the scale of 16 bits."""
AUDIO_RATE = 16_000
RGB_QUEUE = 2


class Gen2Feed:
    """Hands pictures, sound and gaze of one connection to the outlet. It is called on the SDK's threads."""

    def __init__(self, outlet: Outlet, time_sync: Any | None = None) -> None:
        self._outlet = outlet
        self._decoder = H265Decoder()
        self._clock = SystemClock()
        self._projector: GazeProjector | None = None
        self._own = OwnLatency(time_sync)

    @property
    def latency_ms(self) -> float | None:
        """From exposure to arrival, as the glasses' own time sync tells it; None where it doesn't."""
        return self._own.latency_ms

    def register(self, data: Any) -> None:
        """On a StreamDataInterface that leaves pictures encoded."""
        data.register_device_calib_callback(self._calibration)
        data.register_rgb_callback(self._picture)
        data.register_audio_callback(self._sound)
        data.register_eye_gaze_callback(self._gaze)
        data.set_rgb_queue_size(RGB_QUEUE)

    def _calibration(self, calibration: Any) -> None:
        try:
            self._projector = GazeProjector(calibration, 2)
        except ValueError as error:
            log.info("gaze can't be projected: %s", error)

    def _picture(self, image: Any, record: Any) -> None:
        arrival_ns = self._came(record.capture_timestamp_ns)
        self._own.measure(record.capture_timestamp_ns)
        picture = self._decoder.decode(bytes(image.pixel_frame.get_buffer()))
        if picture is not None and record.capture_timestamp_ns > 0:
            self._outlet.picture(record.capture_timestamp_ns, arrival_ns, picture)

    def _sound(self, audio: Any, record: Any, channels: int) -> None:
        times = record.capture_timestamps_ns
        if times and times[0] > 0:
            arrival_ns = self._came(times[-1])
            samples = mixed_down(audio.data, len(times), FULL_SCALE)
            self._outlet.sound(times[0], arrival_ns, samples, _rate(times))

    def _gaze(self, gaze: Any) -> None:
        tracked_ns = round(gaze.tracking_timestamp.total_seconds() * 1e9)
        if tracked_ns > 0 and gaze.combined_gaze_valid:
            arrival_ns = self._came(tracked_ns)
            point = self._projector.point(gaze) if self._projector else None
            self._outlet.gaze(tracked_ns, arrival_ns, (gaze.yaw, gaze.pitch), gaze.depth, point)

    def _came(self, captured_ns: int) -> int:
        """When it would have come, were it not for the way that the glasses tell of."""
        return self._clock.now_ns() - self._own.way_ns(captured_ns)


def _rate(times: list[int]) -> int:
    """The nearest of the usual rates to what the samples' time stamps say."""
    if len(times) < 2 or times[-1] <= times[0]:
        return AUDIO_RATE
    measured = (len(times) - 1) * 1e9 / (times[-1] - times[0])
    return int(min((16_000, 48_000), key=lambda rate: abs(np.log(rate / measured))))
