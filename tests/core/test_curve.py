"""The growing map of one clock to another, against a known truth."""

from __future__ import annotations

import numpy as np
import pytest

from woz.base.interval import NS_PER_S, Interval
from woz.timing.clock_map import ClockMap
from woz.timing.curve import Curve

MS = 1_000_000


def wandering(seconds: int, ppm: float) -> tuple[list[int], list[int]]:
    """Each half second of a stream, and the target's time: a drift that swings by 5 ppm in ten minutes."""
    t = np.arange(0, seconds, 0.5)
    swing = 5e-6 * 300 / np.pi * (1 - np.cos(2 * np.pi * t / 600))
    target = 7 * NS_PER_S + np.round((t * (1 + ppm * 1e-6) + swing) * NS_PER_S).astype(np.int64)
    return [round(s * NS_PER_S) for s in t.tolist()], target.tolist()


def grown(stream: list[int], read: list[int], noise_s: float, floor: bool) -> ClockMap:
    curve = Curve(noise_s, floor)
    for i, (s, target) in enumerate(zip(stream, read, strict=True)):
        curve.add(s, target)
        if i % 20 == 19:
            curve.update()
    curve.update()
    found = curve.map()
    assert found
    return found


@pytest.mark.parametrize("ppm", [-200, 0, 200])
def test_a_wandering_clock_is_followed_through_outliers(ppm: float) -> None:
    rng = np.random.default_rng(1)
    stream, truth = wandering(1200, ppm)
    late = rng.normal(0, MS, len(truth)) + 40 * MS * (rng.random(len(truth)) < 0.05)
    found = grown(stream, [t + round(e) for t, e in zip(truth, late.tolist(), strict=True)], 1e-3, False)
    errors = [abs(found.to_session(s) - t) for s, t in zip(stream, truth, strict=True)]
    assert np.percentile(errors, 99) < MS
    assert found.drift_ppm == pytest.approx(ppm, abs=3)
    assert found.valid
    assert found.valid.start_ns == pytest.approx(truth[0], abs=5 * MS)
    assert found.valid.end_ns == pytest.approx(truth[-1], abs=5 * MS)


def test_the_floor_lies_under_late_readings() -> None:
    rng = np.random.default_rng(2)
    stream, truth = wandering(1200, 50)
    late = rng.exponential(10 * MS, len(truth))
    found = grown(stream, [t + round(e) for t, e in zip(truth, late.tolist(), strict=True)], 5e-4, True)
    errors = [abs(found.to_session(s) - t) for s, t in zip(stream, truth, strict=True)]
    assert np.percentile(errors, 99) < 5 * MS


def test_a_map_keeps_where_it_is_valid() -> None:
    found = ClockMap(((0, 5), (10, 15)), valid=Interval(5, 15))
    assert ClockMap.from_json(found.to_json()) == found
    assert found.shifted(3).valid == Interval(8, 18)
