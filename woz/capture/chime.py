"""A chime for the trainee's earpiece: two soft tones, to hear whether it plays."""

from __future__ import annotations

import threading

import numpy as np
from numpy.typing import NDArray

from woz.base.settings import AUDIO_RATE

TONES_HZ = (660.0, 880.0)
TONE_S = 0.35
LOUDNESS = 0.25


def chime() -> NDArray[np.float32]:
    """Samples in -1..1 at AUDIO_RATE, shape (n,)."""
    t = np.arange(int(TONE_S * AUDIO_RATE)) / AUDIO_RATE
    fade = np.sin(np.pi * t / TONE_S) ** 2
    return np.concatenate([LOUDNESS * fade * np.sin(2 * np.pi * hz * t) for hz in TONES_HZ]).astype(np.float32)


class Chime:
    """Mixes the chime into what a speaker plays, once each time it is rung. Safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left = np.zeros(0, np.float32)

    def ring(self) -> None:
        with self._lock:
            self._left = chime()

    def mixed(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """The samples, shape (n,), with the next n of the chime over them."""
        with self._lock:
            now, self._left = self._left[: len(samples)], self._left[len(samples) :]
        if not len(now):
            return samples
        mixed = samples.copy()
        mixed[: len(now)] += now
        return np.clip(mixed, -1.0, 1.0)
