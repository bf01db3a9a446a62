"""Sound whose spectrum is flattened, so that every frequency says as much about time as any other."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

RATE = 16_000
FRAME, HOP = 1024, 512
LOW_HZ, HIGH_HZ = 150, 6_500
SMOOTH_BINS, SMOOTH_FRAMES = 9, 15
QUIET = 0.1
"""What is this much weaker than a frequency's mean power is not raised: silence stays silence."""
CHUNK = 1 << 20


def whitened(sound: Samples) -> Samples:
    """Mono sound at 16 kHz, its short-time spectrum divided by the square root of its smoothed power; as long.

    The phase transform of Knapp, C. and Carter, G. (1976), "The generalized correlation method for estimation of
    time delay", smoothed over 0.5 s and 140 Hz, so that neither loud moments nor steady noises outweigh the rest.
    """
    out = np.zeros(len(sound) + 2 * FRAME, np.float32)
    floor = QUIET * _mean_power(sound) + 1e-12
    window = _window()
    for first, spectra in _spectra(sound):
        flat = spectra / np.sqrt(_smoothed(np.square(np.abs(spectra))) + floor)
        flat[:, ~_band()] = 0
        for i, part in enumerate(np.fft.irfft(flat, FRAME).astype(np.float32) * window):
            out[first + i * HOP : first + i * HOP + FRAME] += part
    return out[: len(sound)]


def _spectra(sound: Samples) -> Iterator[tuple[int, NDArray[np.complex64]]]:
    """Short-time spectra, some at a time, with the sample at which the first of them begins."""
    padded = np.pad(sound, (0, FRAME + HOP))
    window = _window()
    for first in range(0, len(sound), CHUNK):
        part = padded[first : first + CHUNK + FRAME - HOP]
        if len(part) >= FRAME:
            frames = np.lib.stride_tricks.sliding_window_view(part, FRAME)[::HOP]
            yield first, np.fft.rfft(frames * window).astype(np.complex64)


def _window() -> Samples:
    return np.asarray(np.sin(np.pi * (np.arange(FRAME) + 0.5) / FRAME), np.float32)


def _band() -> NDArray[np.bool_]:
    frequencies = np.fft.rfftfreq(FRAME, 1 / RATE)
    band: NDArray[np.bool_] = (frequencies >= LOW_HZ) & (frequencies <= HIGH_HZ)
    return band


def _mean_power(sound: Samples) -> Samples:
    total, frames = np.zeros(FRAME // 2 + 1), 0
    for _, spectra in _spectra(sound):
        total += np.square(np.abs(spectra)).sum(axis=0)
        frames += len(spectra)
    return (total / max(frames, 1)).astype(np.float32)


def _smoothed(power: Samples) -> Samples:
    return _running_mean(_running_mean(power, SMOOTH_FRAMES, 0), SMOOTH_BINS, 1)


def _running_mean(values: Samples, width: int, axis: int) -> Samples:
    pad = [(0, 0), (0, 0)]
    pad[axis] = (width // 2 + 1, width // 2)
    summed = np.cumsum(np.pad(values, pad, mode="edge"), axis=axis, dtype=np.float64)
    high, low = np.split(summed, [width], axis)[1], np.split(summed, [summed.shape[axis] - width], axis)[0]
    return ((high - low) / width).astype(np.float32)
