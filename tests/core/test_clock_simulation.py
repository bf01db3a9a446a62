"""The live clock maps on virtual clocks: the truth, outliers, pauses, clocks that are set, machines that sleep."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.benchmarks.bench_clocks import KINDS, excess_ms
from tests.rig.hypothesis_profile import scaled
from woz.timing.exchange import Exchange, ExchangeTracker
from woz.timing.follower import Follower
from woz.timing.tracker import EnvelopeTracker, OffsetTracker

MS, S = 1_000_000, 1_000_000_000


@pytest.mark.parametrize("kind", KINDS)
def test_maps_hold_against_the_truth(kind: str) -> None:
    """At most 5 ms plus half of the path's asymmetry, from 10 s after joining on."""
    runs = [KINDS[kind](seed) for seed in range(100, 106)]
    assert np.percentile(excess_ms(runs, final=False), 99) < 5
    assert np.percentile(excess_ms(runs, final=True), 99) < 5


def test_a_single_wrong_stamp_moves_nothing_and_keeps_its_time() -> None:
    rng = random.Random(1)
    tracker = OffsetTracker()
    for i in range(3_000):
        wrong = 25 * MS if i % 100 == 50 else 0
        stamp = i * 10 * MS + rng.randint(-MS, MS) + wrong
        smoothed = tracker.add(i * 10 * MS, stamp)
        assert abs(smoothed - (i * 10 * MS + wrong)) <= 2 * MS
    summary = tracker.summary()
    assert summary
    assert abs(summary.to_session(15 * S) - 15 * S) < MS // 2
    assert summary.quality.residual_p99_ns < 2 * MS
    assert summary.quality.samples >= 55
    assert summary.valid
    assert (summary.valid.start_ns, summary.valid.end_ns) == pytest.approx((0, 30 * S), abs=S)


@settings(max_examples=scaled(15), deadline=None)
@given(st.integers(6, 5_000), st.floats(-200, 200), st.integers(1, 60))
def test_lost_sound_is_followed_and_both_sides_stay_right(lost_ms: int, ppm: float, at_s: int) -> None:
    tracker = OffsetTracker()
    truth = []
    for i in range(8_000):
        stream = i * 10 * MS
        true = stream + round(stream * ppm * 1e-6) + (lost_ms * MS if i >= at_s * 100 else 0)
        tracker.add(stream, true)
        truth.append((stream, true))
    summary = tracker.summary()
    assert summary
    around = [pair for pair in truth if abs(pair[0] - at_s * S) > S]
    assert max(abs(summary.to_session(stream) - true) for stream, true in around) < MS


def test_a_first_stamp_that_is_wrong_is_not_drawn_into_the_map() -> None:
    tracker = OffsetTracker()
    for i in range(4_000):
        tracker.add(i * 10 * MS, i * 10 * MS + (0 if i == 0 else 30 * MS))
    summary = tracker.summary()
    assert summary
    assert max(abs(summary.to_session(t * S) - t * S - 30 * MS) for t in range(1, 40)) < MS // 10
    assert abs(summary.drift_ppm) < 1


def test_what_wanders_for_seconds_is_no_card() -> None:
    """A sound server on a busy machine believes for some seconds that sound comes up to 8 ms sooner or later."""
    tracker = OffsetTracker()
    wrong = []
    for i in range(6_000):
        t_s = i / 100
        wander = 8 * MS * np.sin((t_s - 30) / 8 * 2 * np.pi) if 30 < t_s < 38 else 0
        wrong.append(tracker.add(i * 10 * MS, i * 10 * MS + round(wander)) - i * 10 * MS)
    assert max(map(abs, wrong)) < 2.5 * MS
    assert max(map(abs, wrong[:3_000])) < MS // 100
    assert max(map(abs, wrong[5_500:])) < MS // 2


def exchange(console_ns: int, station_ns: int, way_ms: int = 20) -> Exchange:
    return Exchange(console_ns, station_ns + way_ms * MS, station_ns + way_ms * MS, console_ns + 2 * way_ms * MS)


@settings(max_examples=scaled(15), deadline=None)
@given(st.integers(10, 3_600), st.integers(20, 70))
def test_a_laptop_that_slept_goes_on_at_its_time(slept_s: int, at: int) -> None:
    """Its monotonic clock stood still; what was before stays as it was."""
    tracker = ExchangeTracker()
    for i in range(200):
        slept = slept_s * S if i >= at else 0
        tracker.add(exchange(i * S // 2, i * S // 2 + slept + 7 * S))
    found = tracker.map()
    assert found
    for i in (1, at - 2, at + 2, 190):
        slept = slept_s * S if i >= at else 0
        assert abs(found.to_session(i * S // 2) - (i * S // 2 + slept + 7 * S)) < MS


def test_a_pause_is_bridged() -> None:
    tracker = ExchangeTracker()
    for i in [*range(100), *range(2_000, 2_100)]:
        tracker.add(exchange(i * S // 2, round(i * S // 2 * (1 + 50e-6))))
    found = tracker.map()
    assert found
    assert len(found.knots) < 40
    for i in (50, 1_000, 2_050):
        assert abs(found.to_session(i * S // 2) - round(i * S // 2 * (1 + 50e-6))) < 2 * MS


def test_one_exchange_that_cannot_be_is_left_out() -> None:
    tracker = ExchangeTracker()
    for i in range(100):
        tracker.add(exchange(i * S // 2, i * S // 2 + (9 * S if i == 50 else 0)))
    found = tracker.map()
    assert found
    assert abs(found.to_session(25 * S) - 25 * S) < MS
    assert tracker.round_trip_ns == 40 * MS


@pytest.mark.parametrize("set_by_s", [-3_000, -8, 8, 3_000])
def test_glasses_whose_clock_is_set_go_on_at_once(set_by_s: int) -> None:
    tracker = EnvelopeTracker()
    for i in range(1_200):
        device = 10_000 * S + i * 50 * MS + (set_by_s * S if i >= 600 else 0)
        assert abs(tracker.add(device, i * 50 * MS + 30 * MS) - (i * 50 * MS + 30 * MS)) <= MS


def test_glasses_that_drift_are_not_followed_by_steps() -> None:
    """The lower envelope of a clock that is 200 ppm slow neither lags nor jumps by the drift of its window."""
    rng = random.Random(4)
    tracker = EnvelopeTracker()
    errors = []
    for i in range(2_400):
        true = i * 50 * MS
        mapped = tracker.add(round(true / (1 + 200e-6)), true + round(rng.expovariate(1 / 8) * MS))
        errors.append((mapped - true) / MS)
    assert max(abs(e) for e in errors[400:]) < 1.5


def test_readings_out_of_order_are_left_out() -> None:
    follower = Follower(1e-3, 2)
    assert follower.map() is None
    assert follower.add(5 * S, 6 * S, 10 * MS)
    assert not follower.add(5 * S, 6 * S, 10 * MS)
    assert not follower.add(4 * S, 5 * S, 10 * MS)
