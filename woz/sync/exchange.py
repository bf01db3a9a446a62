"""The map from the console's clock to the station's, from exchanges of four time stamps."""

from __future__ import annotations

from dataclasses import dataclass

from woz.sync.clockmap import ClockMap
from woz.sync.line import fit_line


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
    """Keeps the quickest exchange of each window and draws a robust line through them."""

    def __init__(self, window_ns: int = 2_000_000_000) -> None:
        self._window_ns = window_ns
        self._quickest: dict[int, Exchange] = {}
        self._map: ClockMap | None = None

    def add(self, exchange: Exchange) -> None:
        if exchange.round_trip_ns < 0:
            return
        window = exchange.sent_ns // self._window_ns
        best = self._quickest.get(window)
        if best is None or exchange.round_trip_ns < best.round_trip_ns:
            self._quickest[window] = exchange
            self._map = None

    @property
    def round_trip_ns(self) -> int | None:
        """The quickest round trip so far."""
        return min((e.round_trip_ns for e in self._quickest.values()), default=None)

    def map(self) -> ClockMap | None:
        """Console time to station time; None before the first exchange."""
        if self._map is None:
            readings = [(e.middle_ns, e.middle_ns + e.offset_ns) for e in self._quickest.values()]
            self._map = fit_line(readings)
        return self._map
