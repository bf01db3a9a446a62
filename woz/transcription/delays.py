"""By how much the leak of what was played lags behind it, from moment to moment.

Sound cards and networks run ahead or behind, and on a busy machine a delay jumps in the middle of a sentence. Short
windows are compared by the phase of the cross spectrum (Knapp, C. and Carter, G., "The generalized correlation
method for estimation of time delay", 1976). A window counts by how far its highest peak stands out from all others,
and windows of one delay near each other count together: what two voices have in common by chance has a delay of its
own in each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from woz.sound.correlation import fast_length, peak_place
from woz.sound.fractions import sampled_at

Samples = NDArray[np.float32]
Floats = NDArray[np.float64]
Point = tuple[int, float]
"""The sample in the middle of a window of what was played, and by how many samples its leak lags."""

AT_ONCE = 1 << 18
"""So many samples are laid at once, for the memory's sake."""
LOUD = 95
"""So many per cent of all windows are no louder than the loud ones."""


@dataclass(frozen=True, slots=True)
class DelaySettings:
    """Times in seconds; heights of peaks in deviations of all delays' likeness."""

    earliest_s: float = -0.5
    """The leak may come before what made it where two clocks are apart."""
    latest_s: float = 1.0
    window_s: float = 0.5
    low_hz: float = 200.0
    high_hz: float = 4000.0
    apart_s: float = 0.005
    """From here on a peak is another one, not the same peak's side."""
    alike_s: float = 0.001
    """Neighbours so near in delay have one delay, which drifts."""
    chance: float = 8.0
    """What a window's highest peak is compared with, at least: two voices reach it."""
    within_s: float = 1.0
    """Windows so near in time speak for each other where their delays are alike."""
    least: float = 10.0
    """By so much, such windows together, their peaks stand out; one alone never does."""
    fainter_db: float = -3.0
    """A leak is so much fainter than what was played; else the wearer's own voice may have come back with it."""
    quiet_db: float = -20.0
    """Windows so far below the loud ones are not looked at."""
    unheard_db: float = -30.0
    """Nor are frequencies so far below a window's loudest: of a tone they hold its edges alone."""


class _Window(NamedTuple):
    """The sample in its middle, its likeliest delay in samples, by how much that stands out."""

    middle: int
    delay: float
    sure: float


def find_delays(mic: Samples, played: Samples, rate: int, settings: DelaySettings) -> list[Point]:
    """Where the leak was heard for sure, in order, and its delay there; none where no delay stands out anywhere.

    Both tracks begin together and are as long.
    """
    windows = _windows(mic, played, rate, settings)
    return [(window.middle, window.delay) for window in _believed(windows, rate, settings)]


def laid(mic: Samples, played: Samples, points: Sequence[Point], earlier: int, alike: float) -> Samples:
    """What was played where the microphone hears it, earlier by so many samples.

    Between points that are alike (no more samples apart) the delay goes steadily from one to the other; between
    others it jumps where that explains the microphone best.
    """
    out = np.zeros_like(played)
    for first, last, run in _stretches(mic, played, points, alike):
        begin, end = (round(edge + delay) - earlier for edge, (_, delay) in ((first, run[0]), (last, run[-1])))
        begin, end = max(0, begin), min(len(out), end)
        known = [middle + delay for middle, delay in run], [delay for _, delay in run]
        for start in range(begin, end, AT_ONCE):
            places = np.arange(start, min(end, start + AT_ONCE)) + float(earlier)
            out[start : start + len(places)] = sampled_at(played, places - np.interp(places, *known))
    return out


def heard_at(points: Sequence[Point], count: int, rate: int, settings: DelaySettings) -> NDArray[np.bool_]:
    """For each of so many samples of the microphone, whether a point's window holds it."""
    half, held = round(settings.window_s * rate / 2), np.zeros(count, np.bool_)
    for middle, delay in points:
        held[max(0, round(middle + delay) - half) : max(0, round(middle + delay) + half)] = True
    return held


def _windows(mic: Samples, played: Samples, rate: int, settings: DelaySettings) -> list[_Window]:
    """Those in which a delay stands out."""
    length = round(settings.window_s * rate)
    starts = range(0, len(played) - length + 1, length // 2)
    energy = [float(np.mean(played[first : first + length] ** 2)) for first in starts]
    least = float(np.percentile(energy, LOUD)) * 10 ** (settings.quiet_db / 10) if energy else 0.0
    found = []
    for first, loud in zip(starts, energy, strict=True):
        if loud > max(least, 1e-12):
            likeness = _likeness(mic, played[first : first + length], first, rate, settings)
            delay, sure = _peak(likeness, rate, settings)
            heard = float(np.mean(_from(mic, first + round(delay), length) ** 2))
            if sure > 0 and heard < loud * 10 ** (settings.fainter_db / 10):
                found.append(_Window(first + length // 2, delay, sure))
    return found


def _likeness(mic: Samples, part: Samples, first: int, rate: int, settings: DelaySettings) -> Floats:
    """For each delay, from the earliest, how likely it is for a part that was played from sample `first` on."""
    early, late = round(settings.earliest_s * rate), round(settings.latest_s * rate)
    begin, end = first + early, first + len(part) + late
    around = np.pad(mic[max(0, begin) : max(0, end)], (max(0, -begin), 0))
    size = fast_length(end - begin + len(part))
    source = np.fft.rfft(part * np.hanning(len(part)), size)
    spectrum = np.fft.rfft(around, size) * np.conj(source)
    hertz, energy = np.fft.rfftfreq(size, 1 / rate), np.abs(source) ** 2
    voiced = (hertz >= settings.low_hz) & (hertz <= settings.high_hz)
    voiced &= energy > energy[voiced].max() * 10 ** (settings.unheard_db / 10)
    whitened = np.where(voiced, spectrum / np.maximum(np.abs(spectrum), 1e-9), 0)
    likeness = np.abs(np.fft.irfft(whitened, size))[: late - early]
    return np.asarray(likeness / max(float(np.sqrt(np.mean(likeness**2))), 1e-12))


def _peak(likeness: Floats, rate: int, settings: DelaySettings) -> tuple[float, float]:
    """The likeliest delay, and by how much it stands out."""
    near, place = round(settings.apart_s * rate), int(np.argmax(likeness))
    others = max(likeness[: max(0, place - near)].max(initial=0.0), likeness[place + near :].max(initial=0.0))
    exact, height = peak_place(likeness)
    return exact + round(settings.earliest_s * rate), height - max(float(others), settings.chance)


def _believed(windows: Sequence[_Window], rate: int, settings: DelaySettings) -> list[_Window]:
    """Windows that others near them speak for."""
    found = []
    reach = round(settings.within_s / settings.window_s) * 2
    for i, window in enumerate(windows):
        alike = [
            other.sure
            for other in windows[max(0, i - reach) : i + reach + 1]
            if abs(other.middle - window.middle) <= settings.within_s * rate
            and abs(other.delay - window.delay) <= settings.alike_s * rate
        ]
        if len(alike) > 1 and sum(alike) >= settings.least:
            found.append(window)
    return found


def _stretches(
    mic: Samples, played: Samples, points: Sequence[Point], alike: float
) -> Iterator[tuple[int, int, list[Point]]]:
    """The first sample of what was played and the one after the last, of all points in a row that are alike."""
    runs: list[list[Point]] = []
    for point in points:
        if runs and abs(runs[-1][-1][1] - point[1]) <= alike:
            runs[-1].append(point)
        else:
            runs.append([point])
    cuts = [_cut(mic, played, one[-1], other[0]) for one, other in pairwise(runs)]
    for (first, last), run in zip(pairwise([0, *cuts, len(played)]), runs, strict=True):
        yield first, last, run


def _cut(mic: Samples, played: Samples, one: Point, other: Point) -> int:
    """The sample between two points from which on the delay of the second one explains more."""
    part = played[one[0] : other[0]]
    before, after = (np.cumsum(part * _from(mic, one[0] + round(delay), len(part))) for _, delay in (one, other))
    before, after = (np.sign(total[-1]) * total for total in (before, after))
    return one[0] + int(np.argmax(before + after[-1] - after))


def _from(samples: Samples, first: int, count: int) -> Samples:
    """So many samples from one on, silence where there are none."""
    there = samples[max(0, first) : max(0, first + count)]
    before = min(count, max(0, -first))
    return np.pad(there, (before, count - before - len(there)))
