"""Sync marks: what a demo or a calibration puts into picture and sound so that a reader can measure the sync.

All marks stand at whole seconds of UTC: a white patch for one frame in the view, a 1 kHz burst in the trainee's
sound, a 2 kHz burst in the expert's.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

PERIOD_NS = 1_000_000_000
BURST_NS = 20_000_000
TRAINEE_HZ = 1_000.0
EXPERT_HZ = 2_000.0
BURST_LEVEL = 0.25
PATCH_PART = 8
"""The white patch covers the top-left square of a side of 1/8 of the picture's width and height."""


def burst(frequency_hz: float, rate: int) -> NDArray[np.float32]:
    """One burst: mono samples in -1..1 that start and end at full level, phase 0 at the first sample."""
    n = round(BURST_NS * rate / 1e9)
    phase = 2 * np.pi * frequency_hz * np.arange(n) / rate
    return (BURST_LEVEL * np.sin(phase)).astype(np.float32)


def next_mark_ns(utc_ns: int) -> int:
    """The first mark at or after a wall-clock time."""
    return -(-utc_ns // PERIOD_NS) * PERIOD_NS
