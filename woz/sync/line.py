"""A robust straight line through pairs of clock readings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from woz.sync.clockmap import ClockMap, MapQuality

MAX_POINTS = 200
MIN_SPAN_NS = 5_000_000_000
"""Below this span a slope says more about jitter than about drift, and only the offset is estimated."""


def fit_line(readings: Sequence[tuple[int, int]]) -> ClockMap | None:
    """The map through (stream_ns, session_ns) readings by Theil and Sen's median of slopes; None without readings.

    Up to half of the readings may be outliers on one side without moving the line far. Sen, P. K. (1968),
    "Estimates of the regression coefficient based on Kendall's tau", JASA 63.
    """
    if not readings:
        return None
    chosen = _thinned(readings)
    base = chosen[0][0]
    x = np.array([stream - base for stream, _ in chosen], dtype=np.float64)
    y = np.array([session - stream for stream, session in chosen], dtype=np.float64)
    slope = _median_slope(x, y) if x[-1] >= MIN_SPAN_NS else 0.0
    offset = float(np.median(y - slope * x))
    residuals = np.abs(y - slope * x - offset)
    p50, p95 = np.percentile(residuals, [50, 95])
    quality = MapQuality(len(readings), round(p50), round(p95), round(float(residuals.max())))
    return ClockMap.line(base, round(offset), slope * 1e6, quality)


def _median_slope(x: np.ndarray, y: np.ndarray) -> float:
    first, second = np.triu_indices(len(x), k=1)
    apart = x[second] - x[first]
    far = apart > x[-1] / 4
    return float(np.median((y[second] - y[first])[far] / apart[far]))


def _thinned(readings: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    if len(readings) <= MAX_POINTS:
        return list(readings)
    picks = np.linspace(0, len(readings) - 1, MAX_POINTS).astype(int)
    return [readings[i] for i in picks]
