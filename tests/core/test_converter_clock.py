"""A card's time stamps on our clock, from calls that come late."""

from __future__ import annotations

import numpy as np

from woz.timing.converter_clock import ConverterClock

MS = 1_000_000
APART_S = 1_700_000_000.0
"""PortAudio's clock counts from another beginning than ours."""


def _wrong_ms(late_ms: np.ndarray, set_ms: np.ndarray) -> np.ndarray:
    """How far a converter that gives a block each 10 ms is off, where calls are late and the clock is set."""
    times = ConverterClock()
    found = []
    for k, (late, moved) in enumerate(zip(late_ms, set_ms, strict=True)):
        current_s = APART_S + k * 0.01 + moved * 1e-3
        now_ns = k * 10 * MS + round(late * MS)
        found.append(times.ours_ns(now_ns, current_s, current_s - 0.02) - (k * 10 - 20) * MS)
    return np.array(found) / MS


def test_calls_that_come_late_do_not_move_the_converter() -> None:
    rng = np.random.default_rng(3)
    late = np.where(rng.random(3000) < 0.7, rng.exponential(15.0, 3000), 0.0)
    wrong = _wrong_ms(late, np.zeros(3000))
    assert np.abs(wrong[20:]).max() < 0.01


def test_a_clock_that_is_set_is_followed_within_a_few_calls() -> None:
    for step in (-3_600_000.0, -150.0, 150.0, 3_600_000.0):
        moved = np.where(np.arange(1000) < 500, 0.0, step)
        wrong = _wrong_ms(np.zeros(1000), moved)
        assert np.abs(wrong[:500]).max() < 0.01
        assert np.abs(wrong[508:]).max() < 0.01
        assert (np.abs(wrong) > 1).sum() < 8
