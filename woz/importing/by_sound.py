"""The map from one recording's time to another's, from the sound that both of them caught."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from woz.base.errors import WozError
from woz.base.interval import NS_PER_S, Interval
from woz.sound.correlation import Candidates, Finder, likeness_near, peak_place
from woz.sound.whitening import RATE, whitened
from woz.timing.clock_map import ClockMap, MapQuality
from woz.timing.fit import fit_knots

Samples = NDArray[np.float32]
Floats = NDArray[np.float64]

MAX_DRIFT = 5e-4
"""Two clocks whose rates differ by more than this are taken for none of a sound card or a camera."""
COARSE_S, COARSE_WINDOWS = 8.0, 24
NEAR_S = 0.004
"""A window agrees with a line, in the search over the whole length, within this."""
FINE_S, FINE_WINDOWS = 4.0, 400
REACH_S, CORE_S = 0.25, 0.03
"""How far around the expected place is looked, and how near to it a peak is believed."""
NARROW_S = 0.003
SURE_PEAK = 7.0
"""A window's peak counts from this many standard deviations of its surroundings on."""
AGREE_S = 5e-4
LEAST_STRENGTH = 8.0
KNOT_S = 60.0
LEAST_S = 1.0


@dataclass(frozen=True, slots=True)
class Alignment:
    """How one recording lies on the other's time, and how sure that is.

    `clock_map` leads from the second recording's time to the first's. `strength` is how high the correlation along
    the map stands, in standard deviations of what chance gives; `confidence` (0..1) is the part of the windows with
    a clear peak whose delay is within half a millisecond of the map, of which there are `agreeing`.
    """

    clock_map: ClockMap
    strength: float
    confidence: float
    agreeing: int


def align(first: Samples, second: Samples) -> Alignment:
    """Lay the second of two recordings on the time of the first; both mono at 16 kHz, of any length.

    Windows of the second are sought in the whole of the first; the delays that lie on a common line with the slope
    of a likely drift are refined window by window, and a robust curve is drawn through them. Raises WozError where
    there is no common sound.
    """
    if min(len(first), len(second)) < LEAST_S * RATE:
        raise WozError(f"A recording is too short to be aligned by its sound; {_by_hand()}")
    whole, sought = whitened(first), whitened(second)
    offset, slope = _line(_candidates(whole, sought))
    windows = _windows(sought, FINE_S, FINE_WINDOWS)
    curve = _Curve.straight(offset, slope, len(second) / RATE)
    for reach in (CORE_S, NARROW_S, NARROW_S):
        curve, delays, heights = _refined(whole, sought, windows, curve, reach)
    strength = _strength(whole, sought, windows, curve)
    wrong = np.abs(delays - curve.at(windows + FINE_S / 2))
    clear = heights >= SURE_PEAK
    agreeing = int((clear & (wrong < AGREE_S)).sum())
    if strength < LEAST_STRENGTH or not agreeing:
        raise WozError(f"The recordings have no sound in common (strength {strength:.1f}); {_by_hand()}")
    return Alignment(_clock_map(curve, wrong[clear]), strength, agreeing / int(clear.sum()), agreeing)


def _by_hand() -> str:
    return "set its start by hand with --offset (and --drift-ppm)."


# the search over the whole length


def _candidates(whole: Samples, sought: Samples) -> Candidates:
    finder, length = Finder(whole), round(min(COARSE_S, len(sought) / RATE) * RATE)
    starts = np.round(_windows(sought, length / RATE, COARSE_WINDOWS) * RATE).astype(int)
    found = [finder.find(sought[start : start + length], start) for start in starts.tolist()]
    delays, heights = (np.array(values) for values in zip(*found, strict=True))
    return Candidates(starts / RATE + length / RATE / 2, delays, heights)


def _windows(sought: Samples, length_s: float, most: int) -> Floats:
    """Where the windows begin (s): of each of so many equal stretches the loudest part."""
    duration = len(sought) / RATE
    energy = np.concatenate([[0.0], np.cumsum(np.square(sought, dtype=np.float64))])
    stretches = max(1, min(most, int(2 * duration / length_s) - 1))
    edges = np.linspace(0, max(0.0, duration - length_s), stretches + 1)
    chosen = []
    for begin, end in pairwise(edges):
        starts = np.linspace(begin, end, 9)
        first = np.round(starts * RATE).astype(int)
        last = np.minimum(first + round(length_s * RATE), len(sought))
        chosen.append(starts[int(np.argmax(energy[last] - energy[first]))])
    return np.array(sorted(set(chosen)))


def _line(found: Candidates) -> tuple[float, float]:
    """Offset at time 0 (s) and slope of the line with a likely drift that the highest peaks lie on."""
    at, delay = found.at_s, found.delay_s
    i, j = np.triu_indices(len(at), k=1)
    far = np.abs(at[j] - at[i]) > 0.2 * (at[-1] - at[0]) if len(at) > 1 else np.zeros(len(i), bool)
    i, j = i[far], j[far]
    rise = delay[j][:, None, :] - delay[i][:, :, None]
    slopes = rise / (at[j] - at[i])[:, None, None]
    pair, a, _ = np.nonzero(np.abs(slopes) <= MAX_DRIFT)
    slope = np.concatenate([slopes[np.abs(slopes) <= MAX_DRIFT], np.zeros(delay.size)])
    offset = np.concatenate([delay[i[pair], a] - slope[: len(pair)] * at[i[pair]], delay.ravel()])
    best = np.argmax([_support(found, o, s) for o, s in zip(offset.tolist(), slope.tolist(), strict=True)])
    return float(offset[best]), float(slope[best])


def _support(found: Candidates, offset: float, slope: float) -> float:
    near = np.abs(found.delay_s - offset - slope * found.at_s[:, None]) < NEAR_S
    return float(np.where(near, np.square(found.height), 0).max(axis=1).sum())


# the curve


@dataclass(frozen=True, slots=True)
class _Curve:
    """Delays (s) at knots that lie `spacing` seconds apart, from time 0 on."""

    spacing: float
    values: Floats

    @classmethod
    def straight(cls, offset: float, slope: float, duration: float) -> _Curve:
        count = 1 + max(1, round(duration / KNOT_S))
        spacing = duration / (count - 1)
        return cls(spacing, np.asarray(offset + slope * spacing * np.arange(count), np.float64))

    def at(self, t: Floats) -> Floats:
        return np.asarray(np.interp(t, self.spacing * np.arange(len(self.values)), self.values), np.float64)


def _refined(
    whole: Samples, sought: Samples, windows: Floats, curve: _Curve, reach_s: float
) -> tuple[_Curve, Floats, Floats]:
    """The curve through each window's best delay near the old one; and these delays and their heights."""
    delays, heights = np.empty(len(windows)), np.empty(len(windows))
    core = round(reach_s * RATE)
    for k, start in enumerate(windows.tolist()):
        values, expected = _values(whole, sought, start, curve)
        middle = len(values) // 2
        place, height = peak_place(values[middle - core : middle + core + 1])
        delays[k] = expected + (place - core) / RATE
        heights[k] = height
    if (heights < SURE_PEAK).all():
        return curve, delays, heights
    noise = np.where(heights >= SURE_PEAK, 5e-5 * np.maximum(1, 20 / np.maximum(heights, 1)), np.inf)
    times = windows + FINE_S / 2
    base = float(np.median(delays[heights >= SURE_PEAK]))
    offsets, _ = fit_knots(times, delays - base, noise, curve.spacing, len(curve.values))
    return _Curve(curve.spacing, offsets + base), delays, heights


def _values(whole: Samples, sought: Samples, start: float, curve: _Curve) -> tuple[Floats, float]:
    """The correlation of one window around its expected place, in standard deviations, and the delay there."""
    part = sought[round(start * RATE) : round((start + FINE_S) * RATE)]
    first = round(start * RATE)
    expected = round(float(curve.at(np.array([start + FINE_S / 2]))[0]) * RATE)
    reach, core = round(REACH_S * RATE), round(CORE_S * RATE)
    values = likeness_near(whole, part, first + expected, reach)
    around = np.concatenate([values[: reach - core], values[reach + core + 1 :]])
    return values / (float(np.sqrt(np.mean(np.square(around)))) + 1e-20), expected / RATE


def _strength(whole: Samples, sought: Samples, windows: Floats, curve: _Curve) -> float:
    """How high the sum of all windows' correlations stands on the curve, in standard deviations of elsewhere."""
    total = np.zeros(2 * round(REACH_S * RATE) + 1)
    for start in windows.tolist():
        values, _ = _values(whole, sought, start, curve)
        total += values
    middle, core, narrow = len(total) // 2, round(CORE_S * RATE), round(AGREE_S * RATE)
    around = np.concatenate([total[: middle - core], total[middle + core + 1 :]])
    return float(total[middle - narrow : middle + narrow + 1].max() / (np.std(around) + 1e-20))


def _clock_map(curve: _Curve, wrong: Floats) -> ClockMap:
    places = np.round(curve.spacing * np.arange(len(curve.values)) * NS_PER_S).astype(np.int64).tolist()
    delays = np.round(curve.values * NS_PER_S).astype(np.int64).tolist()
    knots = tuple((p, p + d) for p, d in zip(places, delays, strict=True))
    p50, p95, p99, most = (round(float(v) * NS_PER_S) for v in np.percentile(wrong, [50, 95, 99, 100]))
    return ClockMap(knots, MapQuality(len(wrong), p50, p95, most, p99), Interval(knots[0][1], knots[-1][1]))
