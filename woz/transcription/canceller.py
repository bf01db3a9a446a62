"""Predicts in a microphone what follows from another sound: the echo of what an earpiece plays.

For each frequency the echo is a linear filter over the last frames of the played sound, found by least squares, in
which moments count little where much is left over (somebody speaks nearby), as in Nakatani et al., "Speech
dereverberation based on variance-normalized delayed linear prediction", 2010.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
Flags = NDArray[np.bool_]
Spectra = NDArray[np.complex64]
"""Frames by frequencies, a frame a hop."""

WINDOW = 1024
HOP = 256
BINS = 32
"""So many frequencies are worked on at once, for the memory's sake."""
AROUND_BINS, AROUND_FRAMES = 1, 2
"""So many neighbours on each side tell how much energy there is about a moment."""
SHAPE = np.hanning(WINDOW).astype(np.float32)


def spectra(samples: Samples) -> Spectra:
    """Short-time spectra, each centred on its hop."""
    padded = np.pad(samples, (WINDOW // 2, WINDOW // 2))
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[: len(samples) : HOP]
    return np.fft.rfft(frames * SHAPE, axis=1).astype(np.complex64)


def samples_of(frames: Spectra, length: int) -> Samples:
    """The sound of short-time spectra, by weighted overlap and add."""
    pieces = np.fft.irfft(frames, WINDOW, axis=1).astype(np.float32) * SHAPE
    overlap = WINDOW // HOP
    total = np.zeros((len(pieces) + overlap) * HOP, np.float32)
    weight = np.zeros_like(total)
    for first in range(overlap):
        some = pieces[first::overlap].reshape(-1)
        total[first * HOP : first * HOP + len(some)] += some
        weight[first * HOP : first * HOP + len(some)] += np.tile(SHAPE**2, len(some) // WINDOW)
    whole = total / np.maximum(weight, 1e-3)
    return np.asarray(whole[WINDOW // 2 : WINDOW // 2 + length], np.float32)


def predicted(heard: Spectra, source: Spectra, taught: Flags, taps: int, rounds: int) -> Spectra:
    """What of `heard` follows from the last `taps` frames of `source`; each round learns whom to listen to less.

    It is learnt from the frames that are `taught` alone.
    """
    echo = np.empty_like(heard)
    for first in range(0, heard.shape[1], BINS):
        some = slice(first, first + BINS)
        echo[:, some] = _of_some(np.ascontiguousarray(heard[:, some].T), source[:, some].T, taught, taps, rounds).T
    return echo


def _of_some(heard: Spectra, source: Spectra, taught: Flags, taps: int, rounds: int) -> Spectra:
    """Frequencies by frames."""
    lagged = _lagged(source, taps)
    energy = np.abs(heard) ** 2
    floor = 1e-3 * energy.mean(axis=1, keepdims=True) + 1e-12
    echo = np.zeros_like(heard)
    for _ in range(rounds):
        weight = taught / np.maximum(_smooth(np.abs(heard - echo) ** 2), floor)
        echo = (_filter(heard, lagged, weight, taps).transpose(0, 2, 1) @ lagged)[:, 0]
    return echo


def _smooth(energy: NDArray[np.float32]) -> NDArray[np.float32]:
    """Means over neighbours: by its own energy, a moment would count most where noise hides the echo by chance."""
    bins, frames = energy.shape
    wide = np.pad(energy, (2 * (AROUND_BINS,), 2 * (AROUND_FRAMES,)), mode="edge")
    tall = np.mean([wide[:, i : i + frames] for i in range(2 * AROUND_FRAMES + 1)], axis=0)
    return np.asarray(np.mean([tall[i : i + bins] for i in range(2 * AROUND_BINS + 1)], axis=0), np.float32)


def _filter(heard: Spectra, lagged: Spectra, weight: NDArray[np.float32], taps: int) -> Spectra:
    """The weighted least squares' normal equations, a little loaded so that they can always be solved."""
    weighted = (lagged * weight[:, None]).conj()
    normal = weighted @ lagged.transpose(0, 2, 1)
    load = 1e-3 * np.trace(normal, axis1=1, axis2=2).real / taps + 1e-9
    normal += load[:, None, None] * np.eye(taps, dtype=np.complex64)
    return np.asarray(np.linalg.solve(normal, weighted @ heard[:, :, None]), np.complex64)


def _lagged(source: Spectra, taps: int) -> Spectra:
    """Frequencies by taps by frames."""
    padded = np.concatenate([np.zeros((len(source), taps - 1), np.complex64), source], axis=1)
    windows = np.lib.stride_tricks.sliding_window_view(padded, source.shape[1], axis=1)
    return np.ascontiguousarray(windows[:, ::-1])
