"""How many bytes a second the chunks may take: less as soon as a queue grows on the path."""

from __future__ import annotations

from collections import deque

LOWEST, START, LIVE_MOST, REST_MOST = 4_000.0, 24_000.0, 128_000.0, 1_000_000.0
"""Bytes a second; the most while the session runs, and when only the rest is to come."""
QUEUE_NS = 20_000_000
BASE_NS = 120_000_000_000
"""The shortest delay of so long is the path's own."""
BACK_OFF, RISE = 0.6, 0.15
"""The part kept when a queue is seen; the growth in a second without one."""
SAMPLES = 3
BURST, BURST_S = 4_200.0, 0.03
SETTLE_NS = 200_000_000


class _Delays:
    """The delays of one kind: the least of the last minutes, and the newest few."""

    def __init__(self) -> None:
        self._least: deque[tuple[int, int]] = deque()
        self._newest: deque[int] = deque(maxlen=SAMPLES)

    def queue(self, delay_ns: int, now_ns: int) -> int:
        """By how much even the least of the newest is longer than the least: a lost packet alone is no queue."""
        self._newest.append(delay_ns)
        if not self._least or now_ns - self._least[-1][0] > BASE_NS // 100:
            self._least.append((now_ns, delay_ns))
        elif delay_ns < self._least[-1][1]:
            self._least[-1] = (self._least[-1][0], delay_ns)
        while now_ns - self._least[0][0] > BASE_NS:
            self._least.popleft()
        return min(self._newest) - min(least for _, least in self._least)


class UploadRate:
    """A token bucket whose rate follows the delay, as in LEDBAT (RFC 6817), with a shorter target."""

    def __init__(self) -> None:
        self.rate = START
        self.most = LIVE_MOST
        self._tokens = BURST
        self._filled_ns: int | None = None
        self._lowered_ns = -SETTLE_NS
        self._raised_ns: int | None = None
        self._delays: dict[str, _Delays] = {}

    def delay(self, kind: str, delay_ns: int, now_ns: int) -> None:
        """A delay that was measured on the link: of a clock question, or of a chunk until it was acknowledged."""
        queue_ns = self._delays.setdefault(kind, _Delays()).queue(delay_ns, now_ns)
        if queue_ns > QUEUE_NS:
            self._lower(now_ns)
        else:
            since = 0 if self._raised_ns is None else min(now_ns - self._raised_ns, 1_000_000_000)
            self.rate = min(self.most, self.rate * (1 + RISE * since / 1e9))
        self._raised_ns = now_ns

    def lost(self, now_ns: int) -> None:
        """A chunk did not come through in time."""
        self._lower(now_ns)

    def take(self, size: int, now_ns: int) -> bool:
        """Whether so many bytes may be sent now; if so they are counted."""
        if self._filled_ns is not None:
            gained = self.rate * (now_ns - self._filled_ns) / 1e9
            self._tokens = min(max(BURST, BURST_S * self.rate), self._tokens + gained)
        self._filled_ns = now_ns
        if self._tokens < size:
            return False
        self._tokens -= size
        return True

    def _lower(self, now_ns: int) -> None:
        if now_ns - self._lowered_ns > SETTLE_NS:
            self._lowered_ns = now_ns
            self.rate = max(LOWEST, BACK_OFF * self.rate)
