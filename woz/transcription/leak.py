"""Where a microphone hears what its wearer's earpiece plays, and nobody else; and its sound without that leak.

The microphone is compared with the track of what was played, block by block. The leak is predicted from the played
sound (see `canceller`) and taken away, in blocks in which it predicts more than the same sound does at other times.
Where what is left is little beside the prediction, or beside the microphone's noise, the sound was leak alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from woz.sound.correlation import by_phase
from woz.transcription.canceller import HOP, Samples, Spectra, predicted, samples_of, spectra

Levels = NDArray[np.float64]
Flags = NDArray[np.bool_]
Region = tuple[float, float]

CANDIDATES = 3
QUIETEST = 10
"""So many per cent of a block, the quietest, are its noise."""
NOISE_UNDER_LOUD_DB = -20.0
"""What is played comes with noise at least this far below its loudest sound: somebody may speak all the time."""
PROBE_EVERY = 8
"""Of so many frequencies one is looked at while delays are tried."""
SHIFTS = 4
"""The played sound is shifted by each but the last of so many parts of a block, to learn what chance explains."""
UNHEARD_DB = -50.0
"""What lies so far below a frequency's mean energy explains nothing."""


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
    own_over_noise_db: float = 3.0
    leak_over_noise_db: float = -3.0
    """A leak below this ratio is taken out and not looked at any more: the wearer may speak as faintly."""
    played_over_noise_db: float = 12.0
    smooth_s: float = 0.05
    hang_s: float = 0.35
    """How long after the played sound ends the room may still ring."""
    keep_s: float = 0.04
    """How much around one's own voice is kept."""
    least_own_s: float = 0.12
    over_chance: float = 1.2
    """There is leak at all where the played sound explains so many times what it explains when it is shifted."""
    rounds: int = 3


@dataclass(frozen=True, slots=True)
class Leak:
    """By how many samples it lags, in which blocks (by number) it is, and which spans (s) hold nothing else."""

    delay: int
    blocks: tuple[int, ...]
    spans: tuple[Region, ...]

    def to_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Leak:
        return cls(data["delay"], tuple(data["blocks"]), tuple((a, b) for a, b in data["spans"]))


NO_LEAK = Leak(0, (), ())


def find_leak(mic: Samples, played: Samples, rate: int, settings: LeakSettings) -> tuple[Leak, Samples]:
    """The leak, and the microphone's sound without it. Both tracks begin together and are as long."""
    if len(mic) < HOP or float(np.max(np.abs(played), initial=0.0)) == 0.0:
        return NO_LEAK, mic
    delay = _delay(mic, played, rate, settings)
    delayed = _delayed(played, delay)
    blocks, alone, rest = list[int](), list[Flags](), mic.copy()
    for number, (first, last) in enumerate(_blocks(len(mic), rate, settings)):
        heard, source = spectra(mic[first:last]), spectra(delayed[first:last])
        if not _is_there(heard, source, rate, settings):
            alone.append(np.zeros(len(heard), np.bool_))
            continue
        echo = predicted(heard, source, _taps(rate, settings), settings.rounds)
        alone.append(_alone(heard, echo, source, rate, settings))
        blocks.append(number)
        rest[first:last] -= samples_of(echo, last - first)
    spans = tuple(_spans(np.concatenate(alone), HOP / rate))
    return Leak(delay, tuple(blocks), spans), muted(rest, spans, rate)


def without_leak(mic: Samples, played: Samples, leak: Leak, rate: int, settings: LeakSettings) -> Samples:
    """The microphone's sound without a leak that was found before."""
    rest, delayed = mic.copy(), _delayed(played, leak.delay)
    for number, (first, last) in enumerate(_blocks(len(mic), rate, settings)):
        if number in leak.blocks:
            heard, source = spectra(mic[first:last]), spectra(delayed[first:last])
            echo = predicted(heard, source, _taps(rate, settings), settings.rounds)
            rest[first:last] -= samples_of(echo, last - first)
    return muted(rest, leak.spans, rate)


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
    energy = np.mean(frames.astype(np.float64) ** 2, axis=1)
    sounding = energy[energy > 1e-12]
    return float(np.sqrt(np.percentile(sounding, 10))) if len(sounding) else 0.0


def _delay(mic: Samples, played: Samples, rate: int, settings: LeakSettings) -> int:
    """By how many samples the leak lags: of the likeliest delays, the one that explains the loudest block best."""
    blocks = _blocks(len(mic), rate, settings)
    first, last = max(blocks, key=lambda block: float(np.mean(played[block[0] : block[1]] ** 2)))
    low, high = _band(rate, settings)
    heard = spectra(mic[first:last])[:, low:high:PROBE_EVERY]

    def left(delay: int) -> float:
        source = spectra(_delayed(played, delay)[first:last])[:, low:high:PROBE_EVERY]
        rest = np.abs(heard - predicted(heard, source, _taps(rate, settings), 1)) ** 2
        return float(np.mean(np.log(rest + 1e-12)))

    return min((max(0, peak - HOP // 2) for peak in _peaks(mic, played, rate, settings)), key=left)


def _peaks(mic: Samples, played: Samples, rate: int, settings: LeakSettings) -> list[int]:
    """The likeliest delays, by the phase alone."""
    length = 1 << int(np.ceil(np.log2(4 * rate)))
    likeness = by_phase(mic, played, length)[: round(settings.longest_delay_s * rate)]
    peaks = []
    for _ in range(CANDIDATES):
        peaks.append(int(np.argmax(likeness)))
        likeness[max(0, peaks[-1] - HOP // 4) : peaks[-1] + HOP // 4] = 0.0
    return peaks


def _delayed(samples: Samples, by: int) -> Samples:
    return np.concatenate([np.zeros(by, np.float32), samples])[: len(samples)]


def _blocks(length: int, rate: int, settings: LeakSettings) -> list[tuple[int, int]]:
    """Blocks in which the room is taken not to change; a short rest goes with the block before it."""
    step = round(settings.block_s * rate) // HOP * HOP
    return list(pairwise([*range(0, max(1, length - step // 2), step), length]))


def _is_there(heard: Spectra, source: Spectra, rate: int, settings: LeakSettings) -> bool:
    """Whether the played sound explains more of a block than the same sound does at times it wasn't played at."""
    low, high = _band(rate, settings)
    active = _active(source, rate, settings)
    if not active.any():
        return False
    heard, source = heard[:, low:high], source[:, low:high]
    shifts = [len(source) * part // SHIFTS for part in range(SHIFTS)]
    told, *chance = (
        _explained(heard, np.roll(source, shift, 0), np.roll(active, shift), rate, settings) for shift in shifts
    )
    return told > settings.over_chance * max(chance)


def _explained(heard: Spectra, source: Spectra, active: Flags, rate: int, settings: LeakSettings) -> float:
    """How much of the energy follows from the source while it sounds: the mean logarithm of the ratio to the rest.

    The logarithm lets a faint leak in many moments count for more than loud speech in a few.
    """
    energy = np.abs(heard) ** 2
    rest = np.abs(heard - predicted(heard, source, _taps(rate, settings), 1)) ** 2
    floor = energy.mean(axis=0) * _ratio(UNHEARD_DB) + 1e-12
    return float(np.mean(np.log((energy + floor) / (rest + floor))[active]))


def _alone(heard: Spectra, echo: Spectra, source: Spectra, rate: int, settings: LeakSettings) -> Flags:
    """For each hop of a block with leak, whether it holds nothing else."""
    low, high = _band(rate, settings)
    left, leaked = (_level(s[:, low:high], rate, settings) for s in (heard - echo, echo))
    noise = float(np.percentile(left, QUIETEST))
    own = (left > leaked * _ratio(settings.own_over_leak_db)) & (left > noise * _ratio(settings.own_over_noise_db))
    own = _dilated(_without_short(own, settings.least_own_s * rate / HOP), round(settings.keep_s * rate / HOP))
    audible = _active(source, rate, settings) & (leaked > noise * _ratio(settings.leak_over_noise_db))
    return _hung(audible, round(settings.hang_s * rate / HOP)) & ~own


def _active(source: Spectra, rate: int, settings: LeakSettings) -> Flags:
    """The hops in which something is played."""
    low, high = _band(rate, settings)
    sent = _level(source[:, low:high], rate, settings)
    quiet, loud = np.percentile(sent, (QUIETEST, 95))
    noise = min(quiet, loud * _ratio(NOISE_UNDER_LOUD_DB))
    return np.asarray(sent > max(noise * _ratio(settings.played_over_noise_db), 1e-9))


def _band(rate: int, settings: LeakSettings) -> tuple[int, int]:
    """The numbers of the frequencies that voices fill."""
    step = rate / (HOP * 4)
    return round(settings.low_hz / step), round(settings.high_hz / step)


def _taps(rate: int, settings: LeakSettings) -> int:
    return max(1, round(settings.filter_s * rate / HOP))


def _level(frames: Spectra, rate: int, settings: LeakSettings) -> Levels:
    smooth = max(1, round(settings.smooth_s * rate / HOP))
    energy = np.sum(np.abs(frames).astype(np.float64) ** 2, axis=1)
    return np.convolve(energy, np.ones(smooth) / smooth, "same")


def _ratio(db: float) -> float:
    return float(10 ** (db / 10))


def _spans(flags: Flags, step_s: float) -> list[Region]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    return [(float(a * step_s), float(b * step_s)) for a, b in edges.reshape(-1, 2)]


def _without_short(flags: Flags, least: float) -> Flags:
    kept = np.zeros_like(flags)
    for first, last in _spans(flags, 1.0):
        if last - first >= least:
            kept[int(first) : int(last)] = True
    return kept


def _dilated(flags: Flags, by: int) -> Flags:
    return np.convolve(flags, np.ones(2 * by + 1), "same") > 0.5


def _hung(flags: Flags, by: int) -> Flags:
    return np.convolve(flags, np.ones(by + 1))[: len(flags)] > 0.5
