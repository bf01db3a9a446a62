"""Who speaks when within five seconds: the model inside whisperx, asked for each of its three local voices.

As the voice-activity stage asks it, it tells speech alone. Its own output is the activity of up to three people at
once, numbered anew in each window (Bredin and Laurent, "End-to-end speaker segmentation for overlap-aware
resegmentation", 2021).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from woz.transcription.engine import Part
from woz.transcription.tracks import RATE

Samples = NDArray[np.float32]
Model = Callable[[Any], Any]
"""On torch's tensors: sound (window, 1, sample) to probabilities (window, frame, voice)."""

WINDOW = 5 * RATE
FRAME, FIRST = 270, 495
"""One frame of the model's answer, and the middle of the first one (samples)."""
APART = 30
"""Windows begin so many frames after each other, half a second."""
BATCH = 16


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


def local_voices(model: Model, samples: Samples, device: str, part: Part) -> LocalVoices:
    """The sound need not fill a window; what lacks is silence."""
    import torch

    hop = APART * FRAME
    count = max(1, -(-(len(samples) - WINDOW) // hop) + 1)
    padded = np.pad(samples, (0, max(0, (count - 1) * hop + WINDOW - len(samples))))
    windows = torch.from_numpy(padded).unfold(0, WINDOW, hop)[:, None]
    found = []
    with torch.inference_mode():
        for i in range(0, count, BATCH):
            found.append(model(windows[i : i + BATCH].to(device)).float().cpu().numpy())
            part(min(1.0, (i + BATCH) / count))
    return LocalVoices(np.concatenate(found).astype(np.float32))


def span_of(first: int, last: int) -> tuple[float, float]:
    """When frames first to last (not with it) are heard (s)."""
    edge = FIRST - FRAME / 2
    return (first * FRAME + edge) / RATE, (last * FRAME + edge) / RATE
