"""Up to three local voices in windows of five seconds, and what overlapping windows say together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from woz.transcription.engine import Part
from woz.transcription.segmentation import FIRST, FRAME, Segmentation
from woz.transcription.tracks import RATE

Samples = NDArray[np.float32]

APART = 30
"""Windows begin so many frames after each other, half a second."""


@dataclass(frozen=True)
class LocalVoices:
    """Probabilities (window, frame, local voice); window i begins at frame i * APART of the whole."""

    scores: NDArray[np.float32]

    @property
    def frames(self) -> int:
        return (len(self.scores) - 1) * APART + int(self.scores.shape[1])

    def total(self, by_window: NDArray[np.float32]) -> NDArray[np.float64]:
        """The mean over windows of values (window, frame, k), on the frames of the whole (frame, k)."""
        count, length, wide = by_window.shape
        found, heard = np.zeros((self.frames, wide)), np.zeros((self.frames, 1))
        for i in range(count):
            found[i * APART : i * APART + length] += by_window[i]
            heard[i * APART : i * APART + length] += 1
        return found / heard


def local_voices(model: Segmentation, samples: Samples, part: Part) -> LocalVoices:
    """The sound need not fill a window; what lacks is silence."""
    return LocalVoices(model.scores(samples, APART * FRAME, part))


def span_of(first: int, last: int) -> tuple[float, float]:
    """When frames first to last (not with it) are heard (s)."""
    edge = FIRST - FRAME / 2
    return (first * FRAME + edge) / RATE, (last * FRAME + edge) / RATE
