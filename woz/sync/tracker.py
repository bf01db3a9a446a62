"""Follows a stream's own clock while it runs, and sums up at the end."""

from __future__ import annotations

from collections import deque
from statistics import median_low

from woz.sync.clockmap import ClockMap
from woz.sync.line import fit_line

KEEP_EVERY_NS = 200_000_000


class OffsetTracker:
    """Maps a sound card's sample count to the time its converter gives, block by block.

    The offset is the median over the last blocks, so that the jitter of single time stamps doesn't show; at
    200 ppm it lags by a fifth of a microsecond for each millisecond of the window. A jump (a stall, a lost
    block) is taken over at once.
    """

    def __init__(self, window: int = 101, jump_ns: int = 20_000_000) -> None:
        self._offsets: deque[int] = deque(maxlen=window)
        self._jump_ns = jump_ns
        self._readings: list[tuple[int, int]] = []

    def add(self, stream_ns: int, target_ns: int) -> int:
        """Take one pair of readings; the answer is the smoothed target time of `stream_ns`."""
        offset = target_ns - stream_ns
        if self._offsets and abs(offset - median_low(self._offsets)) > self._jump_ns:
            self._offsets.clear()
        self._offsets.append(offset)
        smoothed = stream_ns + median_low(self._offsets)
        if not self._readings or stream_ns - self._readings[-1][0] >= KEEP_EVERY_NS:
            self._readings.append((stream_ns, target_ns))
        return smoothed

    def summary(self) -> ClockMap | None:
        """The straight map through all that was seen; None where nothing was."""
        return fit_line(self._readings)


class EnvelopeTracker:
    """Maps a device's clock to arrival times by their lower envelope: the least delayed samples tell the offset.

    The smallest difference of the last windows is the offset, so that a late frame moves nothing.
    """

    def __init__(self, window_ns: int = 2_000_000_000, windows: int = 5) -> None:
        self._window_ns = window_ns
        self._minima: deque[tuple[int, int]] = deque(maxlen=windows)
        self._all: list[tuple[int, int]] = []

    def add(self, device_ns: int, arrival_ns: int) -> int:
        """Take one pair of readings; the answer is the arrival clock's time of `device_ns`."""
        offset = arrival_ns - device_ns
        if not self._minima or device_ns - self._minima[-1][0] >= self._window_ns:
            self._minima.append((device_ns, offset))
            self._all.append((device_ns, arrival_ns))
        elif offset < self._minima[-1][1]:
            self._minima[-1] = (self._minima[-1][0], offset)
            self._all[-1] = (device_ns, arrival_ns)
        return device_ns + min(o for _, o in self._minima)

    def summary(self) -> ClockMap | None:
        """The straight map through the least delayed samples of all windows."""
        return fit_line(self._all)
