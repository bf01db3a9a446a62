"""Which of a sound card's time stamps can be believed, by when its blocks were handed over.

A block is handed over after it was captured: late on a busy machine, never early. So the quickest blocks tell how
the sample count lies to our clock. While they come as they did, no sample is missing, whatever the stamps say;
where sound was lost, not one comes as early as before. That is known soon where the stamps of the quickest lie as
far from their calls as ever, so that both moved alike: a block that waits is late by its call alone.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

import numpy as np

from woz.base.interval import NS_PER_MS, NS_PER_S

WINDOW_NS = NS_PER_S // 2
RECENT, BEFORE = 6, 8
"""In so many windows a busy machine gives some block its turn in time; as many as that before are compared."""
REMEMBERED = 60
LOSS_NS = 8 * NS_PER_MS
"""The quickest blocks come this much later than they did: sound was lost."""
SOON_NS, SOON = NS_PER_S // 10, 3
"""So many short windows in a row are enough where their stamps moved with them."""
ALIKE_NS = NS_PER_MS
"""No further apart are the quickest calls of those windows, less what a busy machine varies them by."""
QUICK_NS = 3 * NS_PER_MS
"""A block this much slower than the quickest waited for its turn, and its stamp may have waited with it."""
NEAR_NS, FAR_NS = 4 * NS_PER_MS, 20 * NS_PER_MS
"""How far a stamp may be from where most are: the less they vary, the less."""
SPREADS = 4
LEADS, LEADS_AT_LEAST = 3_000, 10


@dataclass(frozen=True, slots=True)
class _Quickest:
    """The quickest block of a short window that began at `stream_ns`: how long after its time by count it was
    handed over, and how much later than that it is stamped."""

    stream_ns: int
    late_ns: int
    lead_ns: int


class StampFilter:
    """Fed block by block. `losses` counts those that nobody reported, `falls` how often it showed that all blocks
    before had waited, as they do while a stream is opened."""

    def __init__(self) -> None:
        self.losses = self.falls = 0
        self._floors: deque[tuple[int, int]] = deque(maxlen=REMEMBERED)
        self._soon: deque[_Quickest] = deque(maxlen=SOON)
        self._leads: deque[int] = deque(maxlen=LEADS)
        self._lead = 0
        self._near_ns = FAR_NS
        self._measured = 0

    def believes(self, stream_ns: int, stamp_ns: int, called_ns: int, lost: bool = False) -> bool:
        """Whether a block was handed over at once, and is stamped as most are. `lost`: the device says that sound
        is missing before it."""
        late_ns = called_ns - stream_ns
        if lost:
            self._floors.clear()
            self._leads.clear()
            self._soon.clear()
        self._lower(stream_ns, late_ns)
        self._see(_Quickest(stream_ns, late_ns, stamp_ns - called_ns))
        if self._lost_for_sure() or self._lost_unreported():
            self.losses += 1
        floor_ns = self.floor_ns
        if late_ns > floor_ns + QUICK_NS:
            return False
        self._leads.append(stamp_ns - stream_ns - floor_ns)
        self._measure()
        return abs(self._leads[-1] - self._lead) <= self._near_ns

    @property
    def floor_ns(self) -> int:
        """How long after its time by count the quickest block of the last windows was handed over; 0 at first."""
        return min((late for _, late in list(self._floors)[-BEFORE:]), default=0)

    def _lower(self, stream_ns: int, late_ns: int) -> None:
        """Those that were the quickest waited, too, where one comes that is so much quicker."""
        if self._floors and late_ns < min(late for _, late in self._floors) - QUICK_NS:
            self._leads.clear()
            self.falls += 1
        if not self._floors or stream_ns - self._floors[-1][0] >= WINDOW_NS:
            self._floors.append((stream_ns, late_ns))
        elif late_ns < self._floors[-1][1]:
            self._floors[-1] = (self._floors[-1][0], late_ns)

    def _see(self, block: _Quickest) -> None:
        if not self._soon or block.stream_ns - self._soon[-1].stream_ns >= SOON_NS:
            self._soon.append(block)
        elif block.late_ns < self._soon[-1].late_ns:
            self._soon[-1] = replace(block, stream_ns=self._soon[-1].stream_ns)

    def _lost_for_sure(self) -> bool:
        """Whether the last short windows agree that calls and stamps come later by as much; what was before is then
        forgotten."""
        lates = [each.late_ns for each in self._soon]
        if len(lates) < SOON or len(self._leads) < LEADS_AT_LEAST or max(lates) - min(lates) > ALIKE_NS:
            return False
        moved = any(abs(each.lead_ns - self._lead) > NEAR_NS for each in self._soon)
        if moved or min(lates) - self.floor_ns <= LOSS_NS:
            return False
        self._floors = deque([(self._soon[0].stream_ns, min(lates))], REMEMBERED)
        return True

    def _lost_unreported(self) -> bool:
        """Whether some of the last windows agree that all comes later; what was before is then forgotten."""
        lates = [late for _, late in self._floors]
        before, recent = lates[-RECENT - BEFORE : -RECENT], sorted(lates[-RECENT:])
        if not before or recent[0] - min(before) <= LOSS_NS or recent[RECENT // 2] - recent[0] > LOSS_NS // 2:
            return False
        self._floors = deque(list(self._floors)[-RECENT:], REMEMBERED)
        return True

    def _measure(self) -> None:
        """Where most stamps lie: the mean of the shortest stretch that holds half of them."""
        count = len(self._leads)
        if LEADS_AT_LEAST < count < self._measured + self._measured // 20 + 1 and self._measured <= count < LEADS:
            return
        self._measured = count
        ordered = np.sort(np.array(self._leads, np.int64))
        half = count // 2
        widths = ordered[half:] - ordered[: count - half]
        first = int(np.argmin(widths))
        self._lead = int(ordered[first : first + half + 1].mean())
        spread_ns = int(widths[first]) * SPREADS
        self._near_ns = FAR_NS if count < LEADS_AT_LEAST else min(FAR_NS, max(NEAR_NS, spread_ns))
