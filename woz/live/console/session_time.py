"""Session time as the console knows it: by its own clock, mapped to the station's."""

from __future__ import annotations

from woz.base.clock import Clock
from woz.timing.exchange import ExchangeTracker


class SessionTime:
    """`origin_ns` is when the session began, on the station's clock; None while none runs. `ended`: over there."""

    def __init__(self, clock: Clock, clock_map: ExchangeTracker) -> None:
        self._clock = clock
        self._clock_map = clock_map
        self.origin_ns: int | None = None
        self.ended = False

    @property
    def running(self) -> bool:
        return self.origin_ns is not None and not self.ended

    def station_now(self) -> int | None:
        """Now on the station's clock; None where that isn't known."""
        return self.on_station(self._clock.now_ns())

    def on_station(self, own_ns: int) -> int | None:
        """A time of the console's clock on the station's."""
        to_station = self._clock_map.map()
        return to_station.to_session(own_ns) if to_station else None

    def at(self, own_ns: int) -> int | None:
        """The session time of a time of the console's clock; None where it isn't known."""
        station_ns = self.on_station(own_ns)
        return None if station_ns is None or self.origin_ns is None else station_ns - self.origin_ns

    def file_map(self, file_origin_ns: int) -> str:
        """From time in a file that began at this time of the console's clock to session time, as JSON; empty where
        it isn't known."""
        to_station = self._clock_map.map()
        if to_station is None or self.origin_ns is None:
            return ""
        return to_station.from_origin(file_origin_ns).shifted(-self.origin_ns).to_json()
