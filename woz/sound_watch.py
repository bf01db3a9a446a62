"""What a seat says of a sound device: that it stalled, and that all is well again."""

from __future__ import annotations

from collections.abc import Callable

from woz.clock import Clock
from woz.errors import WozError
from woz.interval import NS_PER_S

ALL_WELL_NS = 5 * NS_PER_S


class SoundWatch:
    """`tell` gets a few words at each change, for the journal."""

    def __init__(self, clock: Clock, tell: Callable[[str], None]) -> None:
        self._clock = clock
        self._tell = tell
        self._stalled_ns = 0
        self.problem = ""
        """What is wrong, and what to do; empty where all is well."""

    def stalled(self, fault: WozError) -> None:
        self.problem, self._stalled_ns = str(fault), self._clock.now_ns()
        self._tell(str(fault))

    def lives(self) -> None:
        """Call it with each block: after a while without another stall all is well again."""
        if self.problem and self._clock.now_ns() - self._stalled_ns > ALL_WELL_NS:
            self.problem = ""
            self._tell("comes again")
