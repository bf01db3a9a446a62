"""Follows a stream's own clock while it runs, and sums up at the end."""

from __future__ import annotations

from collections import deque
from statistics import median_low

from woz.interval import NS_PER_MS
from woz.sync.clockmap import ClockMap
from woz.sync.follower import Follower

BLOCK_NOISE_S = 1e-3
"""How far the median of some blocks' time stamps is usually off."""
KEEP_EVERY_NS = 500 * NS_PER_MS
SURE_BLOCKS = 10
"""So many blocks in a row must agree that the sound went on at another time; a single wrong time stamp is none."""
SURE_WINDOWS = 3
ARRIVAL_NOISE_S = 1e-3
RESET_NS = 5_000 * NS_PER_MS
"""No message is that late: one of the clocks was set, or the machine slept."""
STRAY_NS = 60 * NS_PER_MS
"""The quickest message of two seconds is no later than this after it could have come."""


class OffsetTracker:
    """Maps a sound card's sample count to the time its converter gives, block by block.

    The offset is the median over the last blocks, so that the jitter of single time stamps doesn't show; what the
    card drifts in half of that time is added. A block whose time stamp jumps
    keeps it, since sound may have been lost; the offset follows when ten blocks in a row agree.
    """

    def __init__(self, window: int = 101, jump_ns: int = 8 * NS_PER_MS) -> None:
        self._offsets: deque[int] = deque(maxlen=window)
        self._times: deque[int] = deque(maxlen=window)
        self._strays: deque[int] = deque(maxlen=SURE_BLOCKS)
        self._jump_ns = jump_ns
        self._kept_ns: int | None = None
        self._follower = Follower(BLOCK_NOISE_S, 1)

    def add(self, stream_ns: int, target_ns: int) -> int:
        """Take one pair of readings; the answer is the smoothed target time of `stream_ns`."""
        offset = target_ns - stream_ns
        if self._offsets and abs(offset - median_low(self._offsets)) > self._jump_ns:
            return stream_ns + self._stray(stream_ns, offset)
        self._strays.clear()
        self._offsets.append(offset)
        self._times.append(stream_ns)
        middle_ns = (self._times[0] + stream_ns) // 2
        offset = median_low(self._offsets)
        self._keep(middle_ns, middle_ns + offset)
        return stream_ns + offset + round((stream_ns - middle_ns) * self._follower.drift)

    def summary(self) -> ClockMap | None:
        """The map through all that was seen; None where nothing was."""
        return self._follower.map()

    def _stray(self, stream_ns: int, offset: int) -> int:
        """What to take for the offset of a block that doesn't fit the last ones."""
        self._strays.append(offset)
        agree = max(self._strays) - min(self._strays) <= 2 * self._jump_ns
        if len(self._strays) == SURE_BLOCKS and agree:
            self._offsets.clear()
            self._times.clear()
            self._strays.clear()
            self._kept_ns = None
            self._offsets.append(offset)
            self._times.append(stream_ns)
            self._keep(stream_ns, stream_ns + offset)
        return offset

    def _keep(self, stream_ns: int, target_ns: int) -> None:
        if self._kept_ns is None or stream_ns - self._kept_ns >= KEEP_EVERY_NS:
            self._kept_ns = stream_ns
            self._follower.add(stream_ns, target_ns, self._jump_ns)


class EnvelopeTracker:
    """Maps a device's clock to arrival times by their lower envelope: the least delayed samples tell the offset.

    The quickest of each two seconds are the readings of a curve that lies under them, so that neither late messages
    nor a steady drift move it. Until it is known, the smallest difference so far is the offset.
    """

    def __init__(self, window_ns: int = 2_000 * NS_PER_MS, windows: int = 5) -> None:
        self._window_ns = window_ns
        self._minima: deque[tuple[int, int]] = deque(maxlen=windows)
        self._settle_ns = window_ns * windows
        self._begin_ns: int | None = None
        self._follower = Follower(ARRIVAL_NOISE_S, SURE_WINDOWS, floor=True)

    def add(self, device_ns: int, arrival_ns: int) -> int:
        """Take one pair of readings; the answer is the arrival clock's time of `device_ns`."""
        offset = arrival_ns - device_ns
        if self._minima and abs(offset - self._minima[-1][1]) > RESET_NS:
            self._restart()
        if not self._minima or device_ns - self._minima[-1][0] >= self._window_ns:
            self._close_window()
            self._minima.append((device_ns, offset))
        elif offset < self._minima[-1][1]:
            self._minima[-1] = (self._minima[-1][0], offset)
        return self._mapped(device_ns)

    def summary(self) -> ClockMap | None:
        """The map through the least delayed samples of all windows."""
        self._close_window()
        return self._follower.map()

    def _restart(self) -> None:
        self._minima.clear()
        self._follower.restart()

    def _close_window(self) -> None:
        if self._minima:
            at_ns, offset = self._minima[-1]
            jumps = self._follower.jumps
            self._follower.add(at_ns, at_ns + offset, STRAY_NS)
            if self._begin_ns is None or self._follower.jumps > jumps:
                self._begin_ns = at_ns

    def _mapped(self, device_ns: int) -> int:
        """By the curve where it rests on some windows, by the quickest message so far before."""
        known = self._follower.at(device_ns) if self._begin_ns is not None else None
        if known is None or device_ns - (self._begin_ns or 0) < self._settle_ns:
            return device_ns + min(offset for _, offset in self._minima)
        return known
