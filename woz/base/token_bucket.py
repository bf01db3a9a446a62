"""How often something may happen: token buckets, one alone or one for each key."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from woz.base.clock import Clock

MAX_KEYS = 4096


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, and so many a second afterwards."""

    burst: float
    per_s: float


class Bucket:
    """Holds up to `burst` tokens and gains `per_s` a second."""

    def __init__(self, rate: Rate, clock: Clock) -> None:
        self._rate = rate
        self._clock = clock
        self._tokens = rate.burst
        self._filled_ns = clock.now_ns()

    @property
    def empty(self) -> bool:
        self._fill()
        return self._tokens < 1

    def holds(self, amount: float) -> bool:
        self._fill()
        return self._tokens >= amount

    def take(self, amount: float = 1) -> bool:
        """Take tokens where there are enough."""
        self._fill()
        if self._tokens < amount:
            return False
        self._tokens -= amount
        return True

    def _fill(self) -> None:
        now_ns = self._clock.now_ns()
        gained = (now_ns - self._filled_ns) / 1e9 * self._rate.per_s
        self._tokens = min(self._rate.burst, self._tokens + gained)
        self._filled_ns = now_ns


class Buckets:
    """A bucket for each key, the longest unused forgotten first."""

    def __init__(self, rate: Rate, clock: Clock) -> None:
        self._rate = rate
        self._clock = clock
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def of(self, key: str) -> Bucket:
        bucket = self._buckets.get(key) or Bucket(self._rate, self._clock)
        self._buckets[key] = bucket
        self._buckets.move_to_end(key)
        if len(self._buckets) > MAX_KEYS:
            self._buckets.popitem(last=False)
        return bucket
