"""A sound's values between its samples."""

from __future__ import annotations

import numpy as np
import pytest

from woz.sound.fractions import sampled_at

COUNT = 400


@pytest.mark.parametrize("cycles_a_sample", [0.01, 0.1, 0.2])
def test_a_tone_has_its_own_values_between_its_samples(cycles_a_sample: float) -> None:
    def tone(places: np.ndarray) -> np.ndarray:
        return np.sin(2 * np.pi * cycles_a_sample * places)

    places = np.linspace(20, COUNT - 20, 1013)
    found = sampled_at(tone(np.arange(COUNT)).astype(np.float32), places)
    assert np.max(np.abs(found - tone(places))) < 0.01


def test_samples_stay_themselves_and_beyond_the_ends_there_is_silence() -> None:
    samples = np.random.default_rng(1).normal(0, 1, COUNT).astype(np.float32)
    found = sampled_at(samples, np.arange(-50, COUNT + 50).astype(np.float64))
    assert np.allclose(found[50:-50], samples, atol=1e-6)
    assert np.allclose([found[:50], found[-50:]], 0, atol=1e-6)
