"""How long the data of Gen 2 glasses was under way, as their own time sync tells it."""

from __future__ import annotations

import math
from typing import Any

MOST_MS = 10_000.0
"""What is said to have taken longer, or to have come before it was captured, is not believed."""


class OwnLatency:
    """Ask it at the moment of arrival, on the SDK's threads."""

    def __init__(self, time_sync: Any | None) -> None:
        """`time_sync` is the SDK's TimeSyncRef; None over a transport that has none."""
        self._time_sync = time_sync
        self._least_ns: int | None = None
        self.latency_ms: float | None = None
        """Of a picture, from capture to arrival, as it was told last; None where it never was."""

    def way_ns(self, captured_ns: int) -> int:
        """How long ago this device time was; where that isn't told now, what it took at least before, or 0."""
        told_ms = self._told_ms(captured_ns)
        if told_ms is None:
            return self._least_ns or 0
        way_ns = round(told_ms * 1e6)
        self._least_ns = way_ns if self._least_ns is None else min(self._least_ns, way_ns)
        return way_ns

    def measure(self, captured_ns: int) -> None:
        """Keep it for the status."""
        told_ms = self._told_ms(captured_ns)
        if told_ms is not None:
            self.latency_ms = round(told_ms, 1)

    def _told_ms(self, captured_ns: int) -> float | None:
        if self._time_sync is None or not self._time_sync.is_valid():
            return None
        told_ms = float(self._time_sync.compute_latency_ms(captured_ns))
        return told_ms if math.isfinite(told_ms) and 0 <= told_ms < MOST_MS else None
