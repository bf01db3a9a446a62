"""Who speaks when within five seconds: the network whose weights whisperx carries, run by numpy.

It is pyannote's first segmentation model (MIT): learnt band-pass filters (Ravanelli and Bengio, "Speaker
recognition from raw waveform with SincNet", 2018), two convolutions, four recurrent layers. It tells the activity
of up to three people at once, numbered anew in each window (Bredin and Laurent, "End-to-end speaker segmentation
for overlap-aware resegmentation", 2021). Numpy takes as long for it as torch, and none of the seconds that loading
torch and pyannote.audio takes.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from woz.base.errors import WozError
from woz.transcription.engine import Part
from woz.transcription.recurrent import Layer
from woz.transcription.torch_weights import read_state
from woz.transcription.tracks import RATE

Samples = NDArray[np.float32]
Floats = NDArray[np.float32]

WINDOW = 5 * RATE
FRAME, FIRST = 270, 495
"""One frame of the answer, and the middle of the first one (samples)."""
FILTER, HOP = 251, 10
"""How long the first filters are, and how far apart they are asked (samples)."""
KERNEL, POOL = 5, 3
LEAST_HZ = 50.0
LAYERS = 4
LEAK = np.float32(0.01)
TINY = np.float32(1e-5)
BATCH = 16


def carried_weights() -> Path:
    """Raises WozError where whisperx is not installed."""
    found = importlib.util.find_spec("whisperx")
    if found is None or found.origin is None:
        raise WozError("whisperx is not installed; run: woz add speech")
    return Path(found.origin).parent / "assets" / "pytorch_model.bin"


class Segmentation:
    """Raises WozError where the weights are not those of this network."""

    def __init__(self, path: Path, threads: int = 1) -> None:
        weights = read_state(path, "state_dict")
        self._threads = threads
        try:
            self._take(weights)
        except (KeyError, ValueError) as error:
            raise WozError(f"{path} holds another network than was expected; install whisperx again.") from error

    def _take(self, weights: Mapping[str, Any]) -> None:
        self._weights = weights
        self._filters = _band_passes(weights)
        self._filter_sums = self._filters.sum(axis=0)
        self._kernels = [
            np.ascontiguousarray(weights[f"sincnet.conv1d.{i}.weight"].transpose(2, 1, 0)).reshape(-1, 60)
            for i in (1, 2)
        ]
        own = {name.removeprefix("lstm."): value for name, value in weights.items() if name.startswith("lstm.")}
        self._layers = [Layer.of(own, i) for i in range(LAYERS)]

    def scores(self, samples: Samples, hop: int, part: Part) -> Floats:
        """Probabilities (window, frame, voice) of windows of 5 s, `hop` samples apart, a multiple of 10.

        The sound need not fill the last window; what lacks is silence.
        """
        count = max(1, -(-(len(samples) - WINDOW) // hop) + 1)
        padded = np.pad(samples, (0, max(0, (count - 1) * hop + WINDOW - len(samples))))
        batches = [range(i, min(i + BATCH, count)) for i in range(0, count, BATCH)]
        found: list[Floats] = []
        with ThreadPoolExecutor(self._threads) as pool:
            for scores in pool.map(lambda some: self._batch(padded, some, hop), batches):
                found.append(scores)
                part(len(found) / len(batches))
        return np.concatenate(found)

    def _batch(self, samples: Samples, windows: range, hop: int) -> Floats:
        stretch = samples[windows.start * hop : (windows.stop - 1) * hop + WINDOW]
        heard = [self._features(loudness) for loudness in self._filtered(stretch, len(windows), hop)]
        sequence = np.stack(heard, axis=1)
        for layer in self._layers:
            sequence = layer.heard(sequence)
        for i in (0, 1):
            sequence = _leaky(self._linear(sequence, f"linear.{i}"))
        told = self._linear(sequence, "classifier").transpose(1, 0, 2)
        return np.asarray((1 + np.tanh(told / 2)) / 2, np.float32)

    def _features(self, loudness: Floats) -> Floats:
        """What is heard in one window (time, feature); by itself it stays in the processor's cache."""
        heard = self._normal(_pooled(loudness[None]), 0)
        for i, kernel in enumerate(self._kernels, start=1):
            heard = self._normal(_pooled(_convolved(heard, kernel) + self._weights[f"sincnet.conv1d.{i}.bias"]), i)
        return np.asarray(heard[0], np.float32)

    def _filtered(self, stretch: Samples, count: int, hop: int) -> Iterator[Floats]:
        """The first filters' loudness in each window.

        A window's sound is brought to mean 0 and variance 1 first; since filters are linear, they are asked once
        for all windows, and their answers are brought to that level.
        """
        answers = np.ascontiguousarray(sliding_window_view(stretch, FILTER)[::HOP]) @ self._filters
        length = (WINDOW - FILTER) // HOP + 1
        gain, shift = (float(self._weights[f"sincnet.wav_norm1d.{name}"][0]) for name in ("weight", "bias"))
        for i in range(count):
            window = stretch[i * hop : i * hop + WINDOW].astype(np.float64)
            level = np.float32(gain / np.sqrt(window.var() + TINY))
            offset = np.float32(shift - window.mean() * level)
            own = answers[i * hop // HOP : i * hop // HOP + length] * level
            own += offset * self._filter_sums
            yield np.abs(own, out=own)

    def _normal(self, heard: Floats, i: int) -> Floats:
        """Each feature of each window with mean 0 and variance 1 before its own level; (window, time, feature)."""
        heard = heard - heard.mean(axis=1, keepdims=True)
        variance = np.einsum("wtf,wtf->wf", heard, heard)[:, None] / np.float32(heard.shape[1])
        heard *= self._weights[f"sincnet.norm1d.{i}.weight"] / np.sqrt(variance + TINY)
        heard += self._weights[f"sincnet.norm1d.{i}.bias"]
        return _leaky(heard)

    def _linear(self, sequence: Floats, name: str) -> Floats:
        weights: Floats = self._weights[f"{name}.weight"]
        return np.asarray(sequence @ weights.T + self._weights[f"{name}.bias"], np.float32)


def _band_passes(weights: Mapping[str, Any]) -> Floats:
    """The filters (sample, filter), from their lower edges and widths: first the even ones, then the odd ones."""
    edge, width, times, window = (
        weights[f"sincnet.conv1d.0.filterbank.{name}"].astype(np.float64)
        for name in ("low_hz_", "band_hz_", "n_", "window_")
    )
    low = LEAST_HZ + np.abs(edge)
    high = np.clip(low + LEAST_HZ + np.abs(width), LEAST_HZ, RATE / 2)
    band = high - low
    even = (np.sin(high @ times) - np.sin(low @ times)) / (times / 2) * window
    odd = (np.cos(low @ times) - np.cos(high @ times)) / (times / 2) * window
    both = [
        np.concatenate([half, middle, sign * half[:, ::-1]], axis=1) / (2 * band)
        for half, middle, sign in ((even, 2 * band, 1), (odd, 0 * band, -1))
    ]
    return np.ascontiguousarray(np.concatenate(both).T, np.float32)


def _convolved(heard: Floats, kernel: Floats) -> Floats:
    count, length, features = heard.shape
    near = sliding_window_view(heard, KERNEL, axis=1).transpose(0, 1, 3, 2)
    flat = np.ascontiguousarray(near).reshape(-1, KERNEL * features)
    return (flat @ kernel).reshape(count, length - KERNEL + 1, -1)


def _pooled(heard: Floats) -> Floats:
    count, length, features = heard.shape
    threes = heard[:, : length // POOL * POOL].reshape(count, -1, POOL, features)
    return np.asarray(threes.max(axis=2), np.float32)


def _leaky(heard: Floats) -> Floats:
    return np.asarray(np.maximum(heard, heard * LEAK), np.float32)
