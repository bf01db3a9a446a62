"""The map from the console's clock to the station's, from exchanges of four time stamps."""

from __future__ import annotations

from dataclasses import dataclass

from woz.base.interval import NS_PER_MS, NS_PER_S
from woz.timing.clock_map import ClockMap
from woz.timing.follower import Follower

NOISE_S = 5e-4
SURE_EXCHANGES = 2
SLACK_NS = 20 * NS_PER_MS
"""How far the curve itself may be off while it is young."""
REMAP_NS = 1_000 * NS_PER_MS


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question and its answer: sent (console), received, answered (station), got back (console); all in ns."""

    sent_ns: int
    received_ns: int
    answered_ns: int
    back_ns: int

    @property
    def round_trip_ns(self) -> int:
        """Time spent on the way, both ways together."""
        return (self.back_ns - self.sent_ns) - (self.answered_ns - self.received_ns)

    @property
    def offset_ns(self) -> int:
        """Station time minus console time, exact where both ways take equally long (NTP, RFC 5905, section 8)."""
        return ((self.received_ns - self.sent_ns) + (self.answered_ns - self.back_ns)) // 2

    @property
    def middle_ns(self) -> int:
        return (self.sent_ns + self.back_ns) // 2


class ExchangeTracker:
    """Draws a robust curve through exchanges, each believed the more, the less it was delayed.

    What an exchange says is wrong by no more than half of its round trip; where two in a row say more than that,
    a clock was set or the machine slept, and a new piece of the curve begins.
    """

    def __init__(self) -> None:
        self._follower = Follower(NOISE_S, SURE_EXCHANGES)
        self._map: ClockMap | None = None
        self._mapped_ns: int | None = None
        self._quickest: int | None = None

    def add(self, exchange: Exchange) -> None:
        round_trip = exchange.round_trip_ns
        if round_trip < 0:
            return
        self._quickest = min(round_trip, self._quickest or round_trip)
        middle, bound = exchange.middle_ns, round_trip // 2 + SLACK_NS
        if not self._follower.add(middle, middle + exchange.offset_ns, bound, round_trip / NS_PER_S):
            return
        if self._mapped_ns is None or middle - self._mapped_ns >= REMAP_NS:
            self._map, self._mapped_ns = self._follower.map(), middle

    @property
    def round_trip_ns(self) -> int | None:
        """The quickest round trip so far."""
        return self._quickest

    def map(self) -> ClockMap | None:
        """Console time to station time; None before the first exchange."""
        return self._map
