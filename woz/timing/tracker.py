"""Follows a stream's own clock while it runs, and sums up at the end."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from statistics import median_low

from woz.base.interval import NS_PER_MS
from woz.timing.clock_map import ClockMap
from woz.timing.follower import Follower
from woz.timing.stamp_filter import StampFilter

BLOCK_NOISE_S = 1e-3
"""How far the median of some blocks' time stamps is usually off."""
KEEP_EVERY_NS = 500 * NS_PER_MS
NARROW_NS, WIDE_NS = 4 * NS_PER_MS, 20 * NS_PER_MS
"""A block whose time stamp is so much off doesn't go on where the last one ended: the less they vary, the less."""
NOISES = 10
"""That in units of how far stamps are off in the median."""
SURE_BLOCKS = 10
"""So many blocks in a row must agree that the sound went on at another time; a single wrong time stamp is none."""
SURE_MEDIANS = 20
"""So many kept medians in a row must agree that the card went another way slowly: ten seconds of them."""
STEADY_NS = 10_000 * NS_PER_MS
"""So old is a card's curve before it bounds the median of the last second."""
WANDER_NS = NS_PER_MS
"""No further from the curve is that median followed: a crystal doesn't wander in seconds, but what PulseAudio
believes of one does on a busy machine, by 10 ms and back."""
UNTOLD_NS = 2_000 * NS_PER_MS
"""After so long without a stamp that can be believed, when blocks are handed over is a reading, too; where the
count tells nothing either, the median of all stamps since sound was lost is."""
HANDED_LATE_S = 4e-3
"""How much longer such a reading may have been under way."""
SURE_WINDOWS = 3
ARRIVAL_NOISE_S = 1e-3
RESET_NS = 5_000 * NS_PER_MS
"""No message is that late: one of the clocks was set, or the machine slept."""
STRAY_NS = 60 * NS_PER_MS
"""The quickest message of two seconds is no later than this after it could have come."""


class OffsetTracker:
    """Maps a sound card's sample count to the time its converter gives, block by block.

    The offset is the median over the last blocks, so that the jitter of single time stamps doesn't show, and what
    the card drifts in half of that time; after some seconds it stays near the curve through those medians. A block
    whose time stamp jumps keeps it, since sound may have been lost; another curve begins when ten in a row agree.
    Where it is known when the blocks were handed over, that tells which stamps can be believed: sound lies by its
    count wherever they can't, and where that lasts, the quickest blocks tell how the card's clock goes on.
    """

    def __init__(self, window: int = 101, on_loss: Callable[[], None] = lambda: None) -> None:
        """`on_loss` is called where the count shows that sound was lost which nobody reported."""
        self._on_loss = on_loss
        self._offsets: deque[int] = deque(maxlen=window)
        self._times: deque[int] = deque(maxlen=window)
        self._strays: deque[tuple[int, int]] = deque(maxlen=SURE_BLOCKS)
        self._untaken: deque[tuple[int, int]] = deque()
        """All since a block was taken, or sound was lost."""
        self._median = 0
        self._bound_ns = WIDE_NS
        self._begun_ns: int | None = None
        self._kept_ns: int | None = None
        self._follower = Follower(BLOCK_NOISE_S, SURE_MEDIANS)
        self._stamps = StampFilter()
        self._lead_ns = 0
        """How much earlier than its being handed over a quick block was stamped, when stamps were last believed."""
        self._whole = False
        """Whether the count shows that no sound was lost since the last block that was taken."""

    def add(self, stream_ns: int, target_ns: int, called_ns: int | None = None, lost: bool = False) -> int:
        """Take one pair of readings; the answer is the smoothed target time of `stream_ns`.

        `called_ns` is when the block was handed over, `lost` that its device says that sound is missing before it.
        """
        offset = target_ns - stream_ns
        believed = called_ns is None or self._is_believed(stream_ns, target_ns, called_ns, lost)
        if self._whole and not believed:
            return self._by_count(stream_ns)
        strays = self._offsets and not self._whole and abs(offset - self._median) > self._bound_ns
        if (strays or not believed) and not self._resumes(stream_ns, offset, believed):
            return target_ns
        self._whole = called_ns is not None
        self._strays.clear()
        self._untaken.clear()
        self._take(stream_ns, offset)
        self._keep()
        return self._smoothed(stream_ns)

    def _is_believed(self, stream_ns: int, target_ns: int, called_ns: int, lost: bool) -> bool:
        counted, fallen = self._stamps.losses, self._stamps.falls
        believed = self._stamps.believes(stream_ns, target_ns, called_ns, lost)
        if lost or self._stamps.losses > counted:
            self._whole = False
            self._untaken.clear()
        if self._stamps.losses > counted:
            self._on_loss()
        if self._stamps.falls > fallen:
            self._forget()
            if not (self._whole and self._is_steady(stream_ns)):
                self._begin_anew()
        return believed or not self._offsets

    def _by_count(self, stream_ns: int) -> int:
        """Where a block lies whose stamp can't be believed, though the count shows that no sound is missing."""
        if self._kept_ns is not None and stream_ns - self._kept_ns >= UNTOLD_NS:
            self._kept_ns = stream_ns
            handed_ns = stream_ns + self._stamps.floor_ns
            self._follower.add(stream_ns, handed_ns - self._lead_ns, WIDE_NS, HANDED_LATE_S)
        return self._smoothed(stream_ns)

    def summary(self) -> ClockMap | None:
        """The map through all that was seen; None where nothing was."""
        return self._follower.map()

    def _resumes(self, stream_ns: int, offset: int, believed: bool) -> bool:
        """Whether this block and some before it tell together that the sound went on at another time."""
        self._untaken.append((stream_ns, offset))
        if believed:
            self._strays.append((stream_ns, offset))
        told = list(self._strays)[:-1] if self._agree() else self._told_by_median()
        if not told:
            return False
        self._forget()
        for block in told:
            self._take(*block)
        self._begin_anew()
        return True

    def _agree(self) -> bool:
        offsets = [offset for _, offset in self._strays]
        return len(offsets) == SURE_BLOCKS and max(offsets) - min(offsets) <= 2 * self._bound_ns

    def _told_by_median(self) -> list[tuple[int, int]]:
        """The last blocks by the median of all since sound was lost, where these are many and long enough."""
        lasted_ns = self._untaken[-1][0] - self._untaken[0][0]
        if len(self._untaken) < SURE_BLOCKS or lasted_ns < UNTOLD_NS:
            return []
        offset = median_low(offset for _, offset in self._untaken)
        return [(stream_ns, offset) for stream_ns, _ in list(self._untaken)[-len(self._untaken) // 2 :]]

    def _begin_anew(self) -> None:
        """The curve so far says nothing of what comes now."""
        self._begun_ns = self._kept_ns = None
        self._follower.restart()

    def _forget(self) -> None:
        self._offsets.clear()
        self._times.clear()

    def _take(self, stream_ns: int, offset: int) -> None:
        self._offsets.append(offset)
        self._times.append(stream_ns)
        self._median = median_low(self._offsets)

    def _keep(self) -> None:
        middle_ns = self._middle_ns
        if self._kept_ns is None or middle_ns - self._kept_ns >= KEEP_EVERY_NS:
            self._kept_ns = middle_ns
            self._begun_ns = middle_ns if self._begun_ns is None else self._begun_ns
            self._follower.add(middle_ns, middle_ns + self._median, WIDE_NS)
            self._lead_ns = self._stamps.floor_ns - self._median
            noise_ns = median_low(abs(offset - self._median) for offset in self._offsets)
            self._bound_ns = min(WIDE_NS, max(NARROW_NS, NOISES * noise_ns))

    def _smoothed(self, stream_ns: int) -> int:
        by_last = stream_ns + self._median + round((stream_ns - self._middle_ns) * self._follower.drift)
        by_curve = self._follower.at(stream_ns)
        if by_curve is None or not self._is_steady(stream_ns):
            return by_last
        return max(by_curve - WANDER_NS, min(by_curve + WANDER_NS, by_last))

    def _is_steady(self, stream_ns: int) -> bool:
        return self._begun_ns is not None and stream_ns - self._begun_ns >= STEADY_NS

    @property
    def _middle_ns(self) -> int:
        return (self._times[0] + self._times[-1]) // 2


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
        return self.at(device_ns)

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

    def at(self, device_ns: int) -> int:
        """The arrival clock's time, after the first reading: by the curve where it rests on some windows, before
        that by the quickest message so far."""
        known = self._follower.at(device_ns) if self._begin_ns is not None else None
        if known is None or device_ns - (self._begin_ns or 0) < self._settle_ns:
            return device_ns + min(offset for _, offset in self._minima)
        return known
