"""A sound card's times on our clock."""

from __future__ import annotations

from collections import deque

from woz.base.interval import NS_PER_MS, NS_PER_S

REMEMBERED_CALLS = 100
SURE_CALLS = 8
SET_NS = 20 * NS_PER_MS
"""Where this many calls in a row come this much later than the quickest, the card's clock was set anew."""


class ConverterClock:
    """Maps the clock by which PortAudio stamps its calls to our monotonic clock.

    A call that a busy machine makes late says nothing of the converter, so the quickest of the last calls tells how
    the two clocks lie to each other; they run at the same rate.
    """

    def __init__(self) -> None:
        self._offsets: deque[int] = deque(maxlen=REMEMBERED_CALLS)

    def ours_ns(self, now_ns: int, current_s: float, converter_s: float) -> int:
        """Our time of `converter_s`, where PortAudio says `current_s` for the moment before we read `now_ns`."""
        self._offsets.append(now_ns - round(current_s * NS_PER_S))
        latest = list(self._offsets)[-SURE_CALLS:]
        if min(latest) - min(self._offsets) > SET_NS:
            self._offsets = deque(latest, REMEMBERED_CALLS)
        return round(converter_s * NS_PER_S) + min(self._offsets)
