"""What gives way when this machine can't both record and stream: pictures are shown less often, none is lost."""

from __future__ import annotations

from woz.base.clock import Clock
from woz.base.interval import NS_PER_S

SHOWN_OF = ((0.5, 4), (1.5, 20))
"""Where pictures wait so many seconds for the recorder, one of so many is shown. (Glasses on Wi-Fi may give half a
second of pictures at once, which are soon recorded.)"""
TOLD_NS = 3 * NS_PER_S
PROBLEM = (
    "This machine is too slow to record and to stream at full pace: nothing is left out of the recording, but the "
    "expert sees fewer pictures. Close other programs, or choose a lower size or frame rate."
)


class LoadShedding:
    """For each picture: whether it goes to the link and the preview. Used by the source's thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._spared_ns: int | None = None
        self._in_a_row = 0
        self.spared = 0

    def shows(self, behind_s: float) -> bool:
        """`behind_s`: how long pictures wait for the recorder."""
        of = max((of for least_s, of in SHOWN_OF if behind_s > least_s), default=1)
        self._in_a_row += 1
        if self._in_a_row >= of:
            self._in_a_row = 0
            return True
        self.spared += 1
        self._spared_ns = self._clock.now_ns()
        return False

    @property
    def problem(self) -> str:
        """What the operator should know; empty where all is well."""
        lately = self._spared_ns is not None and self._clock.now_ns() - self._spared_ns < TOLD_NS
        return PROBLEM if lately else ""
