"""Which time of the film is heard now, from what was given to the sound device and when it plays that."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from woz.base.interval import NS_PER_S
from woz.base.settings import AUDIO_RATE

REMEMBERED = 400


@dataclass(frozen=True, slots=True)
class Played:
    """Samples that leave the device at `dac_ns` (monotonic): from `media_ns` on, `rate` times as fast as it.

    `lap` is another for each jump. With a rate of 0 the film stands.
    """

    dac_ns: int
    n: int
    media_ns: int
    rate: float
    lap: int

    def at(self, now_ns: int) -> int:
        within = min(max(0, now_ns - self.dac_ns), self.n * NS_PER_S // AUDIO_RATE)
        return self.media_ns + round(within * self.rate)


class HeardClock:
    """Within a lap it never goes against its direction. For one thread that writes and others that read."""

    def __init__(self) -> None:
        self._played: deque[Played] = deque(maxlen=REMEMBERED)
        self._told: tuple[int, int] | None = None

    def clear(self) -> None:
        self._played.clear()
        self._told = None

    def add(self, played: Played) -> None:
        self._played.append(played)

    def media_ns(self, now_ns: int, before_ns: int) -> tuple[int, float]:
        """The film's time that is heard and how fast it goes; `before_ns`, standing, where nothing is heard yet."""
        for played in reversed(tuple(self._played)):
            if played.dac_ns <= now_ns:
                return self._steady(played.lap, played.at(now_ns), played.rate), played.rate
        return before_ns, 0.0

    def _steady(self, lap: int, t_ns: int, rate: float) -> int:
        if self._told and self._told[0] == lap and rate:
            t_ns = max(t_ns, self._told[1]) if rate > 0 else min(t_ns, self._told[1])
        self._told = (lap, t_ns)
        return t_ns
