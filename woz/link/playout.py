"""What lies between the voice that arrives and the earpiece: a short buffer that rides out jitter."""

from __future__ import annotations

import threading

import av
import numpy as np
from numpy.typing import NDArray

from woz.settings import AUDIO_RATE

TARGET = AUDIO_RATE * 40 // 1000
"""Samples to gather before playing, at the start and after running dry."""
LIMIT = AUDIO_RATE * 160 // 1000
"""More waiting than this is late sound: it is shortened to the target, and counted."""


class Playout:
    """Frames go in as they arrive, samples come out as the earpiece asks; silence where there are none."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: NDArray[np.float32] = np.zeros(0, np.float32)
        self._filling = True
        self.skipped_samples = 0
        self.dry_times = 0

    def push(self, frame: av.AudioFrame) -> None:
        """Take a decoded frame at 48 kHz, of any layout."""
        samples = mono(frame)
        with self._lock:
            self._waiting = np.concatenate([self._waiting, samples])
            if len(self._waiting) > LIMIT:
                self.skipped_samples += len(self._waiting) - TARGET
                self._waiting = self._waiting[-TARGET:]
            if len(self._waiting) >= TARGET:
                self._filling = False

    def pull(self, n: int) -> NDArray[np.float32]:
        """Exactly n samples."""
        out = np.zeros(n, np.float32)
        with self._lock:
            if self._filling:
                return out
            got = self._waiting[:n]
            self._waiting = self._waiting[n:]
            out[: len(got)] = got
            if len(got) < n:
                self._filling = True
                self.dry_times += 1
        return out

    @property
    def playing(self) -> bool:
        """There is sound to play now."""
        return not self._filling

    def clear(self) -> None:
        with self._lock:
            self._waiting = self._waiting[:0]
            self._filling = True


def mono(frame: av.AudioFrame) -> NDArray[np.float32]:
    """A decoded 16-bit frame as mono samples in -1..1."""
    pcm = frame.to_ndarray().reshape(-1, frame.layout.nb_channels)
    samples: NDArray[np.float32] = (pcm.astype(np.float32) / 32768).mean(axis=1, dtype=np.float32)
    return samples
