"""A sound's values at places between its samples."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
Floats = NDArray[np.float64]

REACH = 4
"""So many samples on each side make a value."""


def sampled_at(samples: Samples, places: Floats) -> Samples:
    """The values at places counted in samples from the first one; beyond the ends there is silence.

    By a sinc under a cosine's square, REACH samples wide on each side.
    """
    whole = np.floor(places).astype(np.int64)
    total = np.zeros(len(places))
    for offset in range(1 - REACH, REACH + 1):
        numbers = whole + offset
        inside = (numbers >= 0) & (numbers < len(samples))
        away = numbers - places
        values = np.where(inside, samples[np.clip(numbers, 0, len(samples) - 1)], 0)
        total += values * np.sinc(away) * np.cos(np.pi * away / (2 * REACH)) ** 2
    return total.astype(np.float32)
