"""How fast the view may be sent: as fast as the path carries it without a queue.

A controller by delay, in the spirit of Google Congestion Control (Carlucci et al., "Analysis and Design of the
Google Congestion Control for WebRTC", 2016): a growing queue lowers the rate below what was delivered, heavy loss
lowers it too, random loss does not, and an idle path lets it rise again.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

QUEUE_HIGH_NS = 25_000_000
QUEUE_LOW_NS = 12_000_000
HEAVY_LOSS = 0.12
BASE_WINDOW_NS = 20_000_000_000
RATE_WINDOW_NS = 400_000_000
LOSS_WINDOW_NS = 1_000_000_000
LEAST_PACKETS = 50
"""Fewer in the window say nothing of the path's loss: a few lost of few would keep a low rate low."""
SILENT_NS = 600_000_000
BACK_OFF = 0.85
FAST_RISE, SLOW_RISE = 0.9, 0.06
"""Growth a second, far below and near the rate at which a queue grew last."""


@dataclass(frozen=True, slots=True)
class Report:
    """One feedback as the sender sees it; `transit_ns` has an unknown but constant offset."""

    at_ns: int
    transit_ns: int
    received_bytes: int
    packets: int
    lost: int
    round_trip_ns: int


class RateController:
    """Tells the target in bits a second. `now_ns` is the sender's monotonic clock."""

    def __init__(self, lowest: int, highest: int, start: int) -> None:
        self._lowest, self._highest = lowest, highest
        self._target = float(min(start, highest))
        self._ceiling: float | None = None
        self._bases: deque[tuple[int, int]] = deque()
        self._reports: deque[Report] = deque()
        self._losses: deque[Report] = deque()
        self._lowered_ns = 0
        self._heard_ns: int | None = None
        self.queue_ns = 0
        self.loss = 0.0

    @property
    def target(self) -> int:
        return round(self._target)

    def report(self, report: Report) -> None:
        previous_ns, self._heard_ns = self._heard_ns, report.at_ns
        self._reports.append(report)
        while report.at_ns - self._reports[0].at_ns > RATE_WINDOW_NS:
            self._reports.popleft()
        self._measure(report)
        since_ns = report.at_ns - (previous_ns if previous_ns is not None else report.at_ns)
        if self.queue_ns > QUEUE_HIGH_NS or self.loss > HEAVY_LOSS:
            self._lower(report)
        elif self.queue_ns < QUEUE_LOW_NS:
            self._raise(min(since_ns, 200_000_000) / 1e9)

    def tick(self, now_ns: int) -> None:
        """Call it some times a second: no feedback means that nothing gets through."""
        if self._heard_ns is not None and now_ns - self._heard_ns > SILENT_NS:
            self._heard_ns = now_ns
            self._target = max(self._lowest, self._target / 2)

    def _measure(self, report: Report) -> None:
        self._bases.append((report.at_ns, report.transit_ns))
        while report.at_ns - self._bases[0][0] > BASE_WINDOW_NS:
            self._bases.popleft()
        base = min(transit for _, transit in self._bases)
        recent = [r.transit_ns for r in list(self._reports)[-2:]]
        self.queue_ns = min(recent) - base
        self._losses.append(report)
        while report.at_ns - self._losses[0].at_ns > LOSS_WINDOW_NS:
            self._losses.popleft()
        packets = sum(r.packets + r.lost for r in self._losses)
        self.loss = sum(r.lost for r in self._losses) / packets if packets > LEAST_PACKETS else 0.0

    def _delivered(self) -> float:
        span_ns = self._reports[-1].at_ns - self._reports[0].at_ns
        received = sum(r.received_bytes for r in list(self._reports)[1:])
        return received * 8e9 / span_ns if span_ns > RATE_WINDOW_NS / 4 else self._target

    def _lower(self, report: Report) -> None:
        if report.at_ns - self._lowered_ns < max(150_000_000, report.round_trip_ns):
            return
        self._lowered_ns = report.at_ns
        delivered = min(self._delivered(), self._target)
        self._ceiling = delivered
        self._target = max(self._lowest, BACK_OFF * delivered)

    def _raise(self, seconds: float) -> None:
        if self._ceiling is not None and self._target > 1.15 * self._ceiling:
            self._ceiling = None
        near = self._ceiling is not None and self._target > 0.8 * self._ceiling
        used = self._delivered() > 0.4 * self._target
        rise = (SLOW_RISE if near else FAST_RISE) if used else 0.0
        self._target = min(self._highest, self._target * (1 + rise * seconds))
