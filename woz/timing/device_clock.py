"""The one clock of a device that gives several streams, each by a way of its own."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from woz.base.interval import NS_PER_MS, NS_PER_S
from woz.timing.clock_map import ClockMap
from woz.timing.tracker import EnvelopeTracker

WINDOW_NS = 2 * NS_PER_S
WINDOWS = 30
"""How much slower a stream is than the quickest is its least delay of the last minute."""
ALIKE_NS = 5 * NS_PER_MS
SILENT_NS = WINDOW_NS


@dataclass(slots=True)
class _Way:
    """How a stream comes here: when it was heard last, and how much slower than the quickest."""

    heard_ns: int
    minima: deque[tuple[int, int]] = field(default_factory=lambda: deque(maxlen=WINDOWS))

    @property
    def slower_ns(self) -> int:
        least_ns = min((late for _, late in self.minima), default=0)
        return least_ns if least_ns > ALIKE_NS else 0

    def measure(self, arrival_ns: int, late_ns: int) -> None:
        if not self.minima or arrival_ns - self.minima[-1][0] >= WINDOW_NS:
            self.minima.append((arrival_ns, late_ns))
        elif late_ns < self.minima[-1][1]:
            self.minima[-1] = (self.minima[-1][0], late_ns)


class DeviceClock:
    """Maps device time to arrival times by the quickest stream; the others lie as the device says.

    Where the quickest falls silent, the next one stands in for it, less what it is slower. So a microphone that is
    switched off is no jump of the clock.
    """

    def __init__(self) -> None:
        self._envelope = EnvelopeTracker()
        self._ways: dict[str, _Way] = {}

    def add(self, stream: str, first_ns: int, last_ns: int, arrival_ns: int) -> int:
        """A stream's item, captured from `first_ns` to `last_ns` of the device, has come.

        It can't have come before its end was captured, so that is the reading. The answer is the arrival clock's
        time of its beginning.
        """
        way = self._ways.setdefault(stream, _Way(arrival_ns))
        way.heard_ns = arrival_ns
        accompanied = self._accompanied(stream, arrival_ns)
        self._envelope.add(last_ns, arrival_ns - (0 if accompanied else way.slower_ns))
        if accompanied:
            way.measure(arrival_ns, arrival_ns - self._envelope.at(last_ns))
        return self._envelope.at(first_ns)

    def summary(self) -> ClockMap | None:
        """The map through the least delayed readings; None where there were none."""
        return self._envelope.summary()

    def _accompanied(self, stream: str, arrival_ns: int) -> bool:
        """Whether there is a stream now that is as quick, or quicker."""
        slower_ns = self._ways[stream].slower_ns
        others = (way for name, way in self._ways.items() if name != stream)
        return any(arrival_ns - way.heard_ns < SILENT_NS and way.slower_ns <= slower_ns for way in others)
