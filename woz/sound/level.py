"""How loud a voice is, for meters."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

SILENCE_DB = -90.0
FALL_DB_PER_BLOCK = 0.6


class Level:
    """A peak meter: rises at once, falls slowly."""

    def __init__(self) -> None:
        self.db = SILENCE_DB

    def add(self, samples: NDArray[np.float32]) -> None:
        """Take a block of 10 to 20 ms of samples in -1..1."""
        peak = float(np.max(np.abs(samples), initial=0.0))
        now = 20 * math.log10(peak) if peak > 10 ** (SILENCE_DB / 20) else SILENCE_DB
        self.db = max(now, self.db - FALL_DB_PER_BLOCK, SILENCE_DB)
