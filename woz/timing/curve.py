"""The map of one clock to another as it grows, reading by reading."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from woz.base.interval import NS_PER_S, Interval
from woz.timing.clock_map import ClockMap, MapQuality
from woz.timing.fit import Floats, fit_knots

SPACING_S = 10.0
WINDOW_S = 120.0
"""Readings of this last stretch shape the curve; what lies further back is settled."""
FREE_S = 60.0
"""Of that stretch, so much at the end may still change."""
STRAIGHT_NS = 50_000
"""A settled knot that lies this close to the line through its neighbours is left out."""
FARTHEST_S = 600.0

SPREAD = 0.5 / 3**0.5
"""Standard deviation of what is spread evenly over half a unit either way."""

Knot = tuple[int, int]


class Curve:
    """Takes readings (time of the stream, time of the target), in order of the stream's time.

    A reading is usually off by `noise_s`; one that was `late_s` longer under way than the quickest of its stretch
    may be off by half of that besides. With `floor` readings may be late but not early; the curve lies under them.
    Where the two clocks jump against each other, `jump` ends one piece and begins another.
    """

    def __init__(self, noise_s: float, floor: bool = False) -> None:
        self._noise_s = noise_s
        self._floor = floor
        self._settled: list[Knot] = []
        self._free: list[Knot] = []
        self._recent: list[tuple[int, int, float]] = []
        self._wrong_ns: list[int] = []
        self.readings = 0

    def add(self, stream_ns: int, target_ns: int, late_s: float = 0.0) -> None:
        self._recent.append((stream_ns, target_ns, late_s))
        self.readings += 1

    def jump(self) -> None:
        """What comes next follows another line; this one ends with its last reading."""
        self.update()
        last_ns = self.last_ns
        end_ns = None if last_ns is None else self.predict(last_ns)
        if last_ns is not None and end_ns is not None:
            self._settle([*(knot for knot in self._free if knot[0] < last_ns), (last_ns, end_ns)])
        self._measure(self._recent)
        self._recent, self._free = [], []

    def update(self) -> None:
        """Bend the curve to the readings so far."""
        if not self._recent:
            return
        self._free = self._fit()
        oldest_ns = self._recent[-1][0] - round(WINDOW_S * NS_PER_S)
        if self._recent[0][0] < oldest_ns:
            settled_ns = self._recent[-1][0] - round(FREE_S * NS_PER_S)
            self._settle([knot for knot in self._free if knot[0] <= settled_ns])
            self._measure([reading for reading in self._recent if reading[0] < oldest_ns])
            self._recent = [reading for reading in self._recent if reading[0] >= oldest_ns]

    def predict(self, stream_ns: int) -> int | None:
        """The target's time by the curve as it was when it was last updated; None before that."""
        knots = self._free[-2:]
        if len(knots) < 2:
            return None
        (a, a_target), (b, b_target) = knots
        return b_target + (stream_ns - b) + (stream_ns - b) * ((b_target - a_target) - (b - a)) // (b - a)

    @property
    def drift(self) -> float:
        """The slope of the curve's last piece, less 1; 0 before it was updated."""
        if len(self._free) < 2:
            return 0.0
        (a, a_target), (b, b_target) = self._free[-2:]
        return ((b_target - a_target) - (b - a)) / (b - a)

    @property
    def last_ns(self) -> int | None:
        """The stream's time of the last reading."""
        return self._recent[-1][0] if self._recent else None

    def map(self) -> ClockMap | None:
        """The whole curve; None without readings. It is valid from the first reading to the last."""
        reached = self._settled[-1][0] if self._settled else None
        knots = _rising([*self._settled, *(k for k in self._free if reached is None or k[0] > reached)])
        if len(knots) < 2:
            return None
        found = ClockMap(tuple(knots))
        wrong = [*self._wrong_ns, *_errors(self._recent, knots)]
        return ClockMap(found.knots, _quality(wrong, self.readings), Interval(knots[0][1], knots[-1][1]))

    def _fit(self) -> list[Knot]:
        base, base_target, _ = self._recent[0]
        raw = np.array([(s - base, (d - base_target) - (s - base), n) for s, d, n in self._recent], np.float64)
        t, offset, late = raw[:, 0] / NS_PER_S, raw[:, 1] / NS_PER_S, raw[:, 2]
        noise = self._noise_s + (late - late.min()) * SPREAD
        span = max(float(t[-1]), 1.0)
        count = 1 + max(1, round(span / SPACING_S))
        spacing = span / (count - 1)
        values, _ = fit_knots(t, offset, noise, spacing, count, self._floor)
        places = [base + round(i * spacing * NS_PER_S) for i in range(count)]
        shift = base_target - base
        return [(p, p + shift + round(v * NS_PER_S)) for p, v in zip(places, values.tolist(), strict=True)]

    def _settle(self, knots: Iterable[Knot]) -> None:
        """Add the knots that lie beyond what is settled."""
        reached = self._settled[-1][0] if self._settled else None
        for knot in knots:
            if reached is not None and knot[0] <= reached:
                continue
            if len(self._settled) >= 2 and _straight(self._settled[-2], self._settled[-1], knot):
                self._settled.pop()
            self._settled.append(knot)

    def _measure(self, readings: Sequence[tuple[int, int, float]]) -> None:
        self._wrong_ns += _errors(readings, [*self._settled, *self._free])


def _straight(a: Knot, b: Knot, c: Knot) -> bool:
    if c[0] - a[0] > FARTHEST_S * NS_PER_S:
        return False
    by_line = a[1] + (b[0] - a[0]) + (b[0] - a[0]) * ((c[1] - a[1]) - (c[0] - a[0])) // (c[0] - a[0])
    return abs(b[1] - by_line) <= STRAIGHT_NS


def _rising(knots: Sequence[Knot]) -> list[Knot]:
    """The knots without those that would make time go back."""
    kept: list[Knot] = []
    for knot in knots:
        if not kept or (knot[0] > kept[-1][0] and knot[1] > kept[-1][1]):
            kept.append(knot)
    return kept


def _errors(readings: Sequence[tuple[int, int, float]], knots: Sequence[Knot]) -> list[int]:
    """How far the quickest quarter of the readings is from the curve, in ns; all where all are equally quick."""
    if not readings or len(knots) < 2:
        return []
    base, base_target = knots[0]
    x = np.array([a - base for a, _ in knots], np.float64)
    y = np.array([(b - base_target) - (a - base) for a, b in knots], np.float64)
    raw = np.array([(s - base, (t - base_target) - (s - base), n) for s, t, n in readings], np.float64)
    wrong: Floats = np.abs(raw[:, 1] - np.interp(raw[:, 0], x, y))
    good = wrong[raw[:, 2] <= np.quantile(raw[:, 2], 0.25)]
    return [round(w) for w in good.tolist()]


def _quality(wrong_ns: Sequence[int], readings: int) -> MapQuality:
    if not wrong_ns:
        return MapQuality(readings)
    p50, p95, p99 = (round(float(p)) for p in np.percentile(wrong_ns, [50, 95, 99]))
    return MapQuality(readings, p50, p95, max(wrong_ns), p99)
