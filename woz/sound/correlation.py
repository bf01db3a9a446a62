"""Where parts of one sound lie in another, by correlation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from woz.sound.whitening import RATE

Samples = NDArray[np.float32]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidates:
    """For each window of the second sound, at time `at_s`, the likeliest delays: shape (windows, candidates)."""

    at_s: Floats
    delay_s: Floats
    height: Floats


class Finder:
    """Finds parts anywhere in a whole sound, at a reduced rate."""

    STEP = 4
    KEEP = 8
    APART_S = 0.005

    def __init__(self, whole: Samples) -> None:
        self._length = len(whole) // self.STEP
        self._spectrum = np.zeros(0, np.complex64)
        self._whole = reduced(whole, self.STEP)

    def find(self, part: Samples, first: int) -> tuple[Floats, Floats]:
        """Delays (s) of the highest peaks for a part that begins at `first`, and their heights in deviations."""
        short = reduced(part, self.STEP)
        size = fast_length(len(self._whole) + len(short))
        if self._spectrum.shape[0] != size // 2 + 1:
            self._spectrum = np.asarray(np.fft.rfft(self._whole, size), np.complex64)
        likeness = np.abs(np.fft.irfft(self._spectrum * np.conj(np.fft.rfft(short, size)), size))
        likeness /= np.sqrt(np.mean(np.square(likeness[: len(self._whole)]))) + 1e-20
        delays, heights = [], []
        near = round(self.APART_S * RATE / self.STEP)
        for _ in range(self.KEEP):
            peak = int(np.argmax(likeness))
            place = peak if peak < len(self._whole) else peak - size
            delays.append((place * self.STEP - first) / RATE)
            heights.append(float(likeness[peak]))
            likeness[max(0, peak - near) : peak + near + 1] = 0
        return np.array(delays), np.array(heights)


def likeness_near(whole: Samples, part: Samples, first: int, reach: int) -> Floats:
    """The correlation of a part with a whole around where it is expected: shape (2 reach + 1,), in samples.

    `first` is the sample of the whole at which the part is expected to begin; beyond its ends the whole is silent.
    """
    begin, end = first - reach, first + reach + len(part)
    there = whole[max(0, begin) : max(0, min(end, len(whole)))]
    around = np.pad(there, (max(0, -begin), 0))
    around = np.pad(around[: end - begin], (0, max(0, end - begin - len(around))))
    size = fast_length(len(around))
    spectrum = np.fft.rfft(around, size) * np.conj(np.fft.rfft(part, size))
    return np.asarray(np.fft.irfft(spectrum, size)[: 2 * reach + 1], np.float64)


def normalised(whole: Samples, part: Samples) -> Floats:
    """The correlation coefficient, -1 to 1, of a part with each stretch of the whole: shape (whole - part + 1,)."""
    size = 1 << (len(whole) + len(part)).bit_length()
    spectrum = np.fft.rfft(whole, size) * np.conj(np.fft.rfft(part, size))
    products = np.fft.irfft(spectrum, size)[: len(whole) - len(part) + 1]
    energy = np.concatenate([[0.0], np.cumsum(np.square(whole, dtype=np.float64))])
    matched = np.sqrt(np.maximum(energy[len(part) :] - energy[: -len(part)], 1e-9))
    return np.asarray(products / (matched * np.linalg.norm(part)), np.float64)


def by_phase(late: Samples, early: Samples, length: int) -> Floats:
    """How likely it is that one sound is the other, later by so many samples: shape (length,).

    From the phase of the cross spectrum, summed over all stretches of half a length.

    Knapp, C. and Carter, G. (1976), "The generalized correlation method for estimation of time delay".
    """
    total = np.zeros(length // 2 + 1, np.complex128)
    for first in range(0, len(late), length // 2):
        a, b = (np.fft.rfft(track[first : first + length // 2], length) for track in (late, early))
        total += a * np.conj(b)
    return np.asarray(np.abs(np.fft.irfft(total / np.maximum(np.abs(total), 1e-12), length)), np.float64)


def peak_place(values: Floats) -> tuple[float, float]:
    """Place, to a part of a sample by a parabola through three points, and height of the highest value."""
    i = int(np.argmax(values))
    if not 0 < i < len(values) - 1:
        return float(i), float(values[i])
    before, here, after = values[i - 1 : i + 2]
    return i + 0.5 * (before - after) / (before - 2 * here + after), float(here)


def reduced(sound: Samples, step: int) -> Samples:
    """Every `step`-th sample, after a low-pass by running means."""
    kernel = np.hanning(4 * step + 1)
    smooth = np.convolve(sound, kernel / kernel.sum(), "same")
    return np.asarray(smooth[::step], np.float32)


def fast_length(least: int) -> int:
    """The next product of 2, 3 and 5: lengths at which the Fourier transform is quick."""
    best = 1 << (least - 1).bit_length()
    five = 1
    while five < best:
        three = five
        while three < best:
            length = three << max(0, (-(-least // three) - 1).bit_length())
            best = min(best, length)
            three *= 3
        five *= 5
    return best
