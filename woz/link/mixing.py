"""Both voices as one, for those who only listen: as heard at the trainee's ear, paced by the earpiece."""

from __future__ import annotations

import threading

import numpy as np
from numpy.typing import NDArray

from woz.settings import AUDIO_RATE

LIMIT = AUDIO_RATE * 200 // 1000
TARGET = AUDIO_RATE * 60 // 1000


class Mix:
    """The trainee's sound waits here until the earpiece takes its next block; too much of it is shortened."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._trainee: NDArray[np.float32] = np.zeros(0, np.float32)

    def trainee(self, samples: NDArray[np.float32]) -> None:
        """Sound at 48 kHz, mono."""
        with self._lock:
            self._trainee = np.concatenate([self._trainee, samples])
            if len(self._trainee) > LIMIT:
                self._trainee = self._trainee[-TARGET:]

    def with_expert(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """As much of both as the expert's block is long, within -1..1."""
        with self._lock:
            trainee, self._trainee = self._trainee[: len(samples)], self._trainee[len(samples) :]
        mixed = samples.astype(np.float32, copy=True)
        mixed[: len(trainee)] += trainee
        clipped: NDArray[np.float32] = np.clip(mixed, -1, 1)
        return clipped
