"""Masks a voice by McAdams' coefficient, which moves its formants.

McAdams, "Spectral fusion, spectral parsing and the formation of auditory images" (1984), raises the angles of
partials to a power; Patino et al., "Speaker anonymisation using the McAdams coefficient" (Interspeech 2021), do so
with the poles of linear prediction: in frames of 20 ms, half over each other, 20 poles are found, the angle p (rad)
of each that isn't real becomes p^a, and the frame's residual goes through the new filter. Written anew from that
description; all frames of a stretch are worked on at once. Pitch, rhythm and words stay: little is hidden.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from woz.deidentifying.voices.port import STEP, ConverterFacts, Keys, Samples

FRAME, ORDER = 2 * STEP, 20
LOWEST, HIGHEST = 0.7, 0.9
"""Coefficients are drawn between these; 1 changes nothing. The VoicePrivacy Challenge 2022 draws from 0.5 on, where
a recogniser that was not trained on masked speech misses nearly all words."""
SILENT = 1e-10
"""The mean square below which a frame is left as it is."""
WHITENED = 1 + 1e-7
"""What a frame's energy is multiplied by, so that its prediction is always defined."""
_BLOCK = 2000
"""Frames that are worked on at once."""

Frames = NDArray[np.float64]


class McAdams:
    """`woz.deidentifying.voices.port.Converter`."""

    facts = ConverterFacts("mcadams", "1")

    def convert(self, samples: Samples, keys: Keys) -> Samples:
        return masked(samples, LOWEST + (HIGHEST - LOWEST) * keys)


def masked(samples: Samples, coefficients: NDArray[np.float64]) -> Samples:
    """As many samples (1-D, 16 kHz); `coefficients` has one for each 10 ms that begin in them."""
    if not len(samples):
        return samples
    count = -(-len(samples) // STEP)
    padded = np.zeros((count + 2) * STEP)
    padded[STEP : STEP + len(samples)] = samples
    window = np.sqrt(np.hanning(FRAME + 1)[:-1])
    each = np.concatenate([coefficients[:1], coefficients])[: count + 1]
    made = np.zeros_like(padded)
    for first in range(0, count + 1, _BLOCK):
        at = np.arange(first, min(first + _BLOCK, count + 1))
        frames = padded[at[:, None] * STEP + np.arange(FRAME)] * window
        changed = _changed(frames, each[at]) * window
        for half in (0, 1):
            part = changed[:, half * STEP : (half + 1) * STEP].ravel()
            made[(first + half) * STEP :][: len(part)] += part
    return np.clip(made[STEP : STEP + len(samples)], -1, 1).astype(np.float32)


def _changed(frames: Frames, coefficients: NDArray[np.float64]) -> Frames:
    """Frames (frame, sample), each as loud as before."""
    loud = np.mean(frames**2, axis=1) > SILENT
    made = frames.copy()
    if loud.any():
        heard = frames[loud]
        prediction = _prediction(heard)
        moved = _moved(prediction, coefficients[loud])
        made[loud] = _as_loud(_resonated(_residual(heard, prediction), moved), heard)
    return made


def _prediction(frames: Frames) -> Frames:
    """The filters (frame, ORDER + 1), beginning with 1, that leave the least of each frame: Levinson and Durbin."""
    spectrum = np.abs(np.fft.rfft(frames, 2 * FRAME)) ** 2
    correlation = np.fft.irfft(spectrum)[:, : ORDER + 1]
    error = correlation[:, 0] * WHITENED
    found = np.zeros((len(frames), ORDER + 1))
    found[:, 0] = 1
    for order in range(1, ORDER + 1):
        reflection = -np.sum(found[:, :order] * correlation[:, order:0:-1], axis=1) / error
        found[:, 1 : order + 1] += reflection[:, None] * found[:, order - 1 :: -1][:, :order]
        error = error * (1 - reflection**2)
    return found


def _moved(prediction: Frames, coefficients: NDArray[np.float64]) -> Frames:
    """The filters whose poles' angles are raised to the power of each frame's coefficient."""
    companion = np.zeros((len(prediction), ORDER, ORDER))
    companion[:, 0] = -prediction[:, 1:]
    companion[:, np.arange(1, ORDER), np.arange(ORDER - 1)] = 1
    poles = np.linalg.eigvals(companion)
    angles, radii = np.angle(poles), np.abs(poles)
    turned = np.sign(angles) * np.abs(angles) ** coefficients[:, None]
    moved = np.where(np.abs(poles.imag) > 1e-9, radii * np.exp(1j * turned), poles)
    made = np.zeros((len(poles), ORDER + 1), complex)
    made[:, 0] = 1
    for n in range(ORDER):
        made[:, 1 : n + 2] -= moved[:, n, None] * made[:, : n + 1]
    return made.real


def _residual(frames: Frames, prediction: Frames) -> Frames:
    left = frames.copy()
    for lag in range(1, ORDER + 1):
        left[:, lag:] += prediction[:, lag, None] * frames[:, :-lag]
    return left


def _resonated(residual: Frames, filters: Frames) -> Frames:
    """Each residual through the resonances of its filter, sample by sample for all frames at once."""
    made = np.zeros((len(residual), ORDER + residual.shape[1]))
    backwards = filters[:, :0:-1]
    for n in range(residual.shape[1]):
        made[:, ORDER + n] = residual[:, n] - np.einsum("ij,ij->i", backwards, made[:, n : n + ORDER])
    return made[:, ORDER:]


def _as_loud(frames: Frames, like: Frames) -> Frames:
    level = np.sqrt(np.mean(frames**2, axis=1) / np.mean(like**2, axis=1))
    return np.asarray(frames / np.maximum(level, 1e-9)[:, None], np.float64)
