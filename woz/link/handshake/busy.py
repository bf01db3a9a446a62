"""A seat that is taken: by somebody who is there, or by a console that crashed and will be missed soon."""

from __future__ import annotations

from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S

ON_THE_WAY_NS = 200_000_000
"""So long an answer may take to come here."""
MISSED_AFTER_NS = 4 * NS_PER_S
"""Until then a station misses a console that crashed, and gives its seat away."""


class BusyError(WozError):
    """The invitation is right, but there is no room now.

    `heard_ns`: how long before this answer the last packet of whoever has the place came; None where unknown.
    """

    def __init__(self, text: str, heard_ns: int | None = None) -> None:
        super().__init__(text)
        self.heard_ns = heard_ns


class Patience:
    """Decides whether a console that was told that its place is taken asks again.

    Who has it is there, and stays, when a packet of theirs has come since the first answer.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._first_ns: int | None = None

    def goes_on(self, busy: BusyError) -> bool:
        now_ns = self._clock.now_ns()
        if self._first_ns is None:
            self._first_ns = now_ns
            return True
        since_ns = now_ns - self._first_ns
        is_there = busy.heard_ns is not None and busy.heard_ns + ON_THE_WAY_NS < since_ns
        return not is_there and since_ns < MISSED_AFTER_NS
