"""What a seat says of a sound device: that it stalled or lost sound, and that all is well again."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S

ALL_WELL_NS = 5 * NS_PER_S
LATELY_NS = 10 * NS_PER_S
ONE_LOSS_NS = NS_PER_S // 2
"""A device that ran dry says so with some blocks in a row: within this time that is one loss."""
MANY = 3
"""So many losses lately are a problem that a person should know of; one or two are only counted."""

Tell = Callable[[str, int], None]
"""Gets a few words for the journal, and how often sound was lost since it was told last."""


class SoundWatch:
    """`lives` and `lost` are for the device's own thread, which may not wait: they only count. `look`, called some
    times a second from another, tells what they counted. What lies on the sound's way is watched like a device."""

    def __init__(self, clock: Clock, name: str, tell: Tell) -> None:
        """`name` is what the device is to a person, such as "microphone"."""
        self._clock = clock
        self._name = name
        self._tell = tell
        self._stall = ""
        self._stalled_ns = 0
        self._well = False
        self._told = 0
        self._lately: deque[int] = deque(maxlen=MANY)
        self.losses = 0
        """How often the device's buffer ran over or dry, since it was opened."""

    @property
    def problem(self) -> str:
        """What is wrong, and what to do; empty where all is well."""
        if self._stall:
            return self._stall
        lately = tuple(self._lately)
        if len(lately) < MANY or self._clock.now_ns() - lately[0] > LATELY_NS:
            return ""
        return f"The {self._name} loses sound again and again; close other programs, or connect it elsewhere."

    def stalled(self, fault: WozError) -> None:
        self._stall, self._stalled_ns, self._well = str(fault), self._clock.now_ns(), False
        self._tell(str(fault), 0)

    def lives(self) -> None:
        """A block passed: after a while without another stall all is well again."""
        if self._stall and self._clock.now_ns() - self._stalled_ns > ALL_WELL_NS:
            self._stall, self._well = "", True

    def lost(self) -> None:
        """Sound was lost since the block before."""
        now_ns = self._clock.now_ns()
        if not self._lately or now_ns - self._lately[-1] >= ONE_LOSS_NS:
            self.losses += 1
            self._lately.append(now_ns)

    def counted(self, losses: int) -> None:
        """All losses until now, where somebody else counts them."""
        self.losses = losses

    def look(self) -> None:
        if self._well:
            self._well = False
            self._tell(f"the {self._name} comes again", 0)
        if (lost := self.losses - self._told) > 0:
            self._told += lost
            self._tell(f"the {self._name} lost sound" + (f" {lost} times" if lost > 1 else ""), lost)
