"""Clock estimation against a known truth, on virtual clocks."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rig.hypothesis_profile import scaled
from woz.timing.exchange import Exchange, ExchangeTracker
from woz.timing.tracker import EnvelopeTracker, OffsetTracker

MS = 1_000_000


@settings(max_examples=scaled(20), deadline=None)
@given(st.floats(-200, 200), st.integers(0, 30), st.integers(5, 75), st.integers(0, 10))
def test_the_exchange_is_right_to_half_of_the_asymmetry(
    drift_ppm: float, jitter_ms: int, way_ms: int, asymmetry_ms: int
) -> None:
    """Console and station clocks apart by an hour and drifting, packets delayed and lost at random."""
    rng = random.Random(2)
    tracker = ExchangeTracker()

    def station(console_ns: int) -> int:
        return console_ns + 3_600_000 * MS + round(console_ns * drift_ppm * 1e-6)

    for sent in range(0, 60_000 * MS, 500 * MS):
        if rng.random() < 0.05:
            continue
        there = (way_ms + asymmetry_ms) * MS + rng.randint(0, jitter_ms * MS)
        back = way_ms * MS + rng.randint(0, jitter_ms * MS)
        received = station(sent + there)
        tracker.add(Exchange(sent, received, received, sent + there + back))
    found = tracker.map()
    assert found is not None
    errors = [abs(found.to_session(t) - station(t)) for t in range(0, 60_000 * MS, 1000 * MS)]
    assert max(errors) <= asymmetry_ms * MS / 2 + jitter_ms * MS / 2 + MS


def test_a_sound_card_is_followed_through_jitter_and_a_jump() -> None:
    rng = random.Random(3)
    tracker = OffsetTracker()
    for i in range(2_000):
        device = i * 10 * MS
        lost = 300 * MS if i >= 1_000 else 0
        true = device + round(device * 100e-6) + lost
        smoothed = tracker.add(device, true + rng.randint(-3 * MS, 3 * MS))
        if 150 < i < 1_000 or i > 1_150:
            assert abs(smoothed - true) < 2 * MS


def test_a_single_wrong_stamp_before_a_pause_tells_nothing() -> None:
    rng = random.Random(3)
    tracker = OffsetTracker()
    for i in (*range(1_001), *range(1_300, 1_600)):
        device, later = i * 10 * MS, (80 * MS if i >= 1_300 else 0)
        wrong = -200 * MS if i == 1_000 else 0
        smoothed = tracker.add(device, device + later + wrong + rng.randint(-MS, MS))
        if i >= 1_300:
            assert abs(smoothed - device - later) < 3 * MS


def test_late_frames_move_nothing() -> None:
    rng = random.Random(4)
    tracker = EnvelopeTracker()
    for i in range(600):
        device = i * 50 * MS
        arrival = device + 7_000 * MS + rng.choice([0, 0, 5, 40, 200]) * MS
        mapped = tracker.add(device, arrival)
        if i > 20:
            assert mapped == device + 7_000 * MS
    summary = tracker.summary()
    assert summary is not None
    assert abs(summary.drift_ppm) < 1
