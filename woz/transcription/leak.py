"""Where a microphone hears what its wearer's earpiece plays, and nobody else.

The microphone is compared with the track of what was played. For each band of frequency the leak is predicted from
the last tenth of a second of the played sound (a linear filter, found by least squares, weighted so that moments in
which somebody speaks nearby count little, as in Nakatani et al., "Speech dereverberation based on
variance-normalized delayed linear prediction", 2010). What the prediction leaves over is compared with the
prediction, and with the microphone's noise: where little is left, the sound is leak alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
Spectra = NDArray[np.complex64]
Levels = NDArray[np.float64]
Region = tuple[float, float]

WINDOW = 512
HOP = 128
CANDIDATES = 3
EVERY = 2
PROBE_EVERY = 4
"""Of so many frequencies one is looked at; fewer while delays are tried."""


@dataclass(frozen=True, slots=True)
class LeakSettings:
    """Times in seconds, ratios of energy in dB. Changing one redoes only what comes after."""

    longest_delay_s: float = 0.4
    filter_s: float = 0.128
    block_s: float = 30.0
    low_hz: float = 200.0
    high_hz: float = 4000.0
    own_over_leak_db: float = 0.0
    """What is left is the wearer's own voice from this ratio to the predicted leak on."""
    own_over_noise_db: float = 9.0
    played_over_floor_db: float = 12.0
    smooth_s: float = 0.05
    hang_s: float = 0.35
    """How long after the played sound ends the room may still ring."""
    keep_s: float = 0.04
    """How much around one's own voice is kept."""
    least_own_s: float = 0.12
    least_leaky: float = 0.1
    """There is leak at all where it is most of the sound in this part of the time in which something is played."""
    rounds: int = 2


def leak_only(mic: Samples, played: Samples, rate: int, settings: LeakSettings | None = None) -> list[Region]:
    """Spans (s) of the microphone's track in which only the played sound is heard. Both tracks begin together."""
    settings = settings or LeakSettings()
    size = min(len(mic), len(played))
    if size < WINDOW or float(np.max(np.abs(played[:size]), initial=0.0)) == 0.0:
        return []
    mic, played = mic[:size], played[:size]
    played = _delayed(played, _delay(mic, played, rate, settings))
    alone = np.concatenate([_alone(*block, rate, settings) for block in _blocks(mic, played, rate, settings)])
    return _spans(alone, HOP / rate)


def muted(samples: Samples, spans: Sequence[Region], rate: int) -> Samples:
    """The samples with noise as low as their quietest tenth in these spans, so that no silence sticks out."""
    quiet = samples.copy()
    noise = np.random.default_rng(0).normal(0, _quietest(samples), len(samples)).astype(np.float32)
    for start, end in spans:
        inside = slice(round(start * rate), round(end * rate))
        quiet[inside] = noise[inside]
    return quiet


def _quietest(samples: Samples) -> float:
    frames = samples[: len(samples) // HOP * HOP].reshape(-1, HOP)
    return float(np.sqrt(_floor(np.mean(frames.astype(np.float64) ** 2, axis=1))))


def _delay(mic: Samples, played: Samples, rate: int, settings: LeakSettings) -> int:
    """By how many samples the leak lags: of the likeliest delays, the one that explains most of the microphone."""
    candidates = [max(0, peak - HOP) for peak in _peaks(mic, played, rate, settings)]
    low, high = _band(rate, settings)
    heard = _spectra(mic)[:, low:high:PROBE_EVERY]

    def left(delay: int) -> float:
        source = _spectra(_delayed(played, delay))[:, low:high:PROBE_EVERY]
        rest = np.abs(heard - _predicted(heard, source, _taps(rate, settings), 1)) ** 2
        return float(np.mean(np.log(rest + 1e-12)))

    return min(candidates, key=left)


def _peaks(mic: Samples, played: Samples, rate: int, settings: LeakSettings) -> list[int]:
    """The likeliest delays, from the phase of the cross spectrum (Knapp and Carter, 1976)."""
    length = 1 << int(np.ceil(np.log2(4 * rate)))
    total = np.zeros(length // 2 + 1, np.complex128)
    for first in range(0, len(mic), length // 2):
        a, b = (np.fft.rfft(track[first : first + length // 2], length) for track in (mic, played))
        total += a * np.conj(b)
    likeness = np.abs(np.fft.irfft(total / np.maximum(np.abs(total), 1e-12), length))
    likeness = likeness[: round(settings.longest_delay_s * rate)]
    peaks = []
    for _ in range(CANDIDATES):
        peaks.append(int(np.argmax(likeness)))
        likeness[max(0, peaks[-1] - HOP // 2) : peaks[-1] + HOP // 2] = 0.0
    return peaks


def _delayed(samples: Samples, by: int) -> Samples:
    return np.concatenate([np.zeros(by, np.float32), samples])[: len(samples)]


def _blocks(mic: Samples, played: Samples, rate: int, settings: LeakSettings) -> list[tuple[Samples, Samples]]:
    """Blocks in which the room is taken not to change; a short rest goes with the block before it."""
    step = round(settings.block_s * rate) // HOP * HOP
    edges = [*range(0, max(1, len(mic) - step // 2), step), len(mic)]
    return [(mic[a:b], played[a:b]) for a, b in pairwise(edges)]


def _alone(mic: Samples, played: Samples, rate: int, settings: LeakSettings) -> NDArray[np.bool_]:
    """For each hop of a block, whether it holds leak alone."""
    low, high = _band(rate, settings)
    heard, source = (_spectra(track)[:, low:high:EVERY] for track in (mic, played))
    leak = _predicted(heard, source, _taps(rate, settings), settings.rounds)
    frames = max(1, round(settings.smooth_s * rate / HOP))
    left, leaked, sent, whole = (_level(s, frames) for s in (heard - leak, leak, source, heard))
    active = sent > max(_floor(sent) * _ratio(settings.played_over_floor_db), 1e-9)
    if not active.any() or float(np.mean(leaked[active] > left[active])) < settings.least_leaky:
        return np.zeros(len(heard), np.bool_)
    own = (left > leaked * _ratio(settings.own_over_leak_db)) & (
        left > _floor(whole) * _ratio(settings.own_over_noise_db)
    )
    own = _dilated(_without_short(own, settings.least_own_s * rate / HOP), round(settings.keep_s * rate / HOP))
    return _hung(active, round(settings.hang_s * rate / HOP)) & ~own


def _band(rate: int, settings: LeakSettings) -> tuple[int, int]:
    return round(settings.low_hz * WINDOW / rate), round(settings.high_hz * WINDOW / rate)


def _taps(rate: int, settings: LeakSettings) -> int:
    return max(1, round(settings.filter_s * rate / HOP))


def _spectra(samples: Samples) -> Spectra:
    """Short-time spectra, one a hop, centred on it: frames by frequencies."""
    padded = np.pad(samples, (WINDOW // 2, WINDOW // 2))
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[: len(samples) : HOP]
    return np.fft.rfft(frames * np.hanning(WINDOW).astype(np.float32), axis=1).astype(np.complex64)


def _predicted(heard: Spectra, source: Spectra, taps: int, rounds: int) -> Spectra:
    """What of `heard` follows from the last frames of `source`, each frequency by itself."""
    lagged = np.stack([_lag(source, lag) for lag in range(taps)], axis=2).transpose(1, 0, 2)
    target = heard.T[:, :, None]
    floor = 1e-3 * np.mean(np.abs(target) ** 2, axis=(1, 2), keepdims=True) + 1e-12
    left = target
    for _ in range(rounds):
        weighted = (lagged / np.maximum(np.abs(left) ** 2, floor)).conj().transpose(0, 2, 1)
        normal = weighted @ lagged
        load = 1e-3 * np.trace(normal, axis1=1, axis2=2).real / taps + 1e-9
        normal += load[:, None, None] * np.eye(taps, dtype=np.complex64)
        leak = lagged @ np.linalg.solve(normal, weighted @ target)
        left = target - leak
    return np.asarray(leak[:, :, 0].T, np.complex64)


def _lag(spectra: Spectra, by: int) -> Spectra:
    return np.concatenate([np.zeros((by, spectra.shape[1]), np.complex64), spectra])[: len(spectra)]


def _level(spectra: Spectra, frames: int) -> Levels:
    energy = np.sum(np.abs(spectra).astype(np.float64) ** 2, axis=1)
    return np.convolve(energy, np.ones(frames) / frames, "same")


def _floor(level: Levels) -> float:
    """The energy of the quietest tenth of what isn't digital silence."""
    sounding = level[level > 1e-9]
    return float(np.percentile(sounding, 10)) if len(sounding) else 0.0


def _ratio(db: float) -> float:
    return float(10 ** (db / 10))


def _spans(flags: NDArray[np.bool_], step_s: float) -> list[Region]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    return [(float(a * step_s), float(b * step_s)) for a, b in edges.reshape(-1, 2)]


def _without_short(flags: NDArray[np.bool_], least: float) -> NDArray[np.bool_]:
    kept = np.zeros_like(flags)
    for first, last in _spans(flags, 1.0):
        if last - first >= least:
            kept[int(first) : int(last)] = True
    return kept


def _dilated(flags: NDArray[np.bool_], by: int) -> NDArray[np.bool_]:
    return np.convolve(flags, np.ones(2 * by + 1), "same") > 0.5


def _hung(flags: NDArray[np.bool_], by: int) -> NDArray[np.bool_]:
    return np.convolve(flags, np.ones(by + 1))[: len(flags)] > 0.5
