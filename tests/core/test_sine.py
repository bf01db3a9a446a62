"""A sine through a card that is off, laid on session time: right to the sample, and without a seam."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.benchmarks.bench_track import RATE, play

QUANTUM = 2 / 32767
"""Rounding to 16 bits may make three neighbours disagree by so much."""


@pytest.mark.parametrize("ppm", [100, -100])
def test_both_ends_are_right_to_the_sample(tmp_path: Path, ppm: float) -> None:
    heard = play(tmp_path / "sine.mka", ppm, 100, jitter_s=0)
    assert heard.samples == 100 * RATE
    assert heard.gaps == ()
    assert abs(heard.late[0]) < 0.6
    assert abs(heard.late[-1]) < 0.6
    assert np.abs(heard.late).max() < 7
    assert np.abs(heard.late[200:]).max() < 1
    assert heard.discontinuity < 1.5 * QUANTUM


def test_jittery_stamps_move_only_the_first_seconds(tmp_path: Path) -> None:
    heard = play(tmp_path / "sine.mka", 100, 100, jitter_s=3e-4, start_ns=250_000_000)
    assert np.abs(heard.late).max() < 0.3e-3 * RATE
    assert np.abs(heard.late[400:]).max() < 2
    assert abs(heard.late[-1]) < 1
    assert heard.discontinuity < 1.5 * QUANTUM
