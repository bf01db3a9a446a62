"""A curve that is fed reading by reading, and tells wrong readings from clocks that jumped."""

from __future__ import annotations

from collections import deque

from woz.base.interval import NS_PER_S
from woz.timing.clock_map import ClockMap
from woz.timing.curve import Curve

PAUSE_NS = 60 * NS_PER_S
"""After a pause of this length the curve begins a new piece."""
SOONEST_NS, LATEST_NS = NS_PER_S // 2, 10 * NS_PER_S
"""How often the curve is bent to the readings: after a quarter of what it holds, within these bounds."""


class Follower:
    """Readings that are further from the curve than they can be are left out, unless `sure` in a row agree."""

    def __init__(self, noise_s: float, sure: int, floor: bool = False) -> None:
        self._curve = Curve(noise_s, floor)
        self._strays: deque[tuple[int, int, float]] = deque(maxlen=sure)
        self._begun_ns: int | None = None
        self._bent_ns: int | None = None
        self.jumps = 0
        self.left_out = 0

    def add(self, stream_ns: int, target_ns: int, bound_ns: int, late_s: float = 0.0) -> bool:
        """Take a reading that is off by at most `bound_ns`; True where it fits the curve, or begins a new piece.

        Readings come in the order of the stream's time; one that is not later than the last is left out.
        """
        last_ns = self._curve.last_ns
        if last_ns is not None and stream_ns <= last_ns:
            return False
        expected_ns = self._curve.predict(stream_ns)
        if expected_ns is not None and abs(target_ns - expected_ns) > bound_ns:
            return self._stray(stream_ns, target_ns, bound_ns, late_s)
        self.left_out += len(self._strays)
        self._strays.clear()
        if last_ns is not None and stream_ns - last_ns > PAUSE_NS:
            self._begin_piece()
        self._take(stream_ns, target_ns, late_s)
        return True

    def restart(self) -> None:
        """A clock was set anew: what comes next has nothing to do with what was before."""
        self._begin_piece()
        self._strays.clear()
        self.jumps += 1

    def at(self, stream_ns: int) -> int | None:
        """The target's time; None before the first reading."""
        return self._curve.predict(stream_ns)

    @property
    def drift(self) -> float:
        """How much faster the target's clock runs than the stream's, at this moment, as a part; 0 while unknown."""
        return self._curve.drift

    def map(self) -> ClockMap | None:
        """The curve as it is now; None without readings."""
        self._curve.update()
        return self._curve.map()

    def _stray(self, stream_ns: int, target_ns: int, bound_ns: int, late_s: float) -> bool:
        self._strays.append((stream_ns, target_ns, late_s))
        offsets = [target - stream for stream, target, _ in self._strays]
        if len(self._strays) < (self._strays.maxlen or 0) or max(offsets) - min(offsets) > 2 * bound_ns:
            return False
        self._begin_piece()
        self.jumps += 1
        for reading in self._strays:
            self._take(*reading)
        self._strays.clear()
        return True

    def _begin_piece(self) -> None:
        self._curve.jump()
        self._begun_ns = self._bent_ns = None

    def _take(self, stream_ns: int, target_ns: int, late_s: float) -> None:
        self._curve.add(stream_ns, target_ns, late_s)
        if self._begun_ns is None or self._bent_ns is None:
            self._begun_ns = stream_ns
        elif stream_ns - self._bent_ns < min(LATEST_NS, max(SOONEST_NS, (stream_ns - self._begun_ns) // 4)):
            return
        self._curve.update()
        self._bent_ns = stream_ns
