"""Where anybody speaks, by the probabilities of windows that overlap."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from woz.transcription.engine import Part
from woz.transcription.packing import Region
from woz.transcription.segmentation import FIRST, FRAME, Segmentation
from woz.transcription.tracks import RATE

Samples = NDArray[np.float32]
Floats = NDArray[np.float64]

ONSET, OFFSET = 0.5, 0.363
"""Speech begins above the one and ends below the other, as whisperx has them."""
HOP = 2 * RATE
"""The windows of 5 s lie so far apart: each moment is judged two or three times."""


def voice_activity(model: Segmentation, samples: Samples, part: Part) -> list[Region]:
    """In seconds of the samples."""
    if not len(samples):
        return []
    anybody = model.scores(samples, HOP, part).max(axis=2)
    frames = min((len(samples) - 1) // FRAME + 1, (len(anybody) - 1) * HOP // FRAME + anybody.shape[1])
    length_s = len(samples) / RATE
    spoken = _active(_averaged(anybody)[:frames])
    return [(start, min(length_s, end)) for start, end in spoken if start < length_s]


def _averaged(by_window: NDArray[np.float32]) -> Floats:
    """Of each frame of the whole; a window's middle counts more than its edges."""
    count, length = by_window.shape
    weights = np.hamming(length)
    total, weight = np.zeros((2, round((count - 1) * HOP / FRAME) + length))
    for i, scores in enumerate(by_window):
        first = round(i * HOP / FRAME)
        total[first : first + length] += scores * weights
        weight[first : first + length] += weights
    return np.asarray(total / weight, np.float64)


def _active(scores: Floats) -> Iterator[Region]:
    begun: int | None = None
    for i, score in enumerate(scores):
        if begun is None and score > ONSET:
            begun = i
        elif begun is not None and score < OFFSET:
            yield _seconds(begun), _seconds(i)
            begun = None
    if begun is not None and begun < len(scores) - 1:
        yield _seconds(begun), _seconds(len(scores) - 1)


def _seconds(frame: int) -> float:
    return (frame * FRAME + FIRST) / RATE
