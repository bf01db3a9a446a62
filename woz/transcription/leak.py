"""Where a microphone hears what its wearer's earpiece plays, and nobody else; and its sound without that leak.

The microphone is compared, block by block, with the track of what was played, laid where its leak is (`delays`).
The leak is predicted from the played sound (see `canceller`) and taken away, in blocks in which that predicts more
than the same sound does at other times.
Where what is left is little beside the prediction, or beside the microphone's noise, the sound was leak alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from woz.sound.correlation import by_phase
from woz.transcription.canceller import HOP, Flags, Samples, Spectra, predicted, samples_of, spectra
from woz.transcription.delays import DelaySettings, Point, find_delays, heard_at, laid

Levels = NDArray[np.float64]
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

    delays: DelaySettings = field(default_factory=DelaySettings)
    filter_s: float = 0.128
    block_s: float = 30.0
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
    taught_s: float = 1.0
    """With less of a block where its leak was heard for sure, all of it teaches what the leak is like."""


@dataclass(frozen=True, slots=True)
class Leak:
    """By how much it lags when, in which blocks (by number) it is, and which spans (s) hold nothing else.

    A single delay is that of the whole track, of a leak too faint to be heard for sure at any time.
    """

    delays: tuple[Point, ...]
    blocks: tuple[int, ...]
    spans: tuple[Region, ...]

    def to_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Leak:
        delays = tuple((middle, delay) for middle, delay in data["delays"])
        return cls(delays, tuple(data["blocks"]), tuple((a, b) for a, b in data["spans"]))


NO_LEAK = Leak((), (), ())


def find_leak(mic: Samples, played: Samples, rate: int, settings: LeakSettings) -> tuple[Leak, Samples]:
    """The leak, and the microphone's sound without it. Both tracks begin together and are as long."""
    if len(mic) < HOP or float(np.max(np.abs(played), initial=0.0)) == 0.0:
        return NO_LEAK, mic
    delays = find_delays(mic, played, rate, settings.delays)
    delays = delays or [(0, float(_delay(mic, played, rate, settings)))]
    blocks, alone, rest = list[int](), list[Flags](), mic.copy()
    for number, block in enumerate(_compared(mic, played, delays, rate, settings)):
        if not _is_there(block, rate, settings):
            alone.append(np.zeros(len(block.heard), np.bool_))
            continue
        echo = _echo(block, rate, settings)
        alone.append(_alone(block, echo, rate, settings))
        blocks.append(number)
        rest[block.first : block.last] -= samples_of(echo, block.last - block.first)
    spans = tuple(_spans(np.concatenate(alone), HOP / rate))
    return Leak(tuple(delays), tuple(blocks), spans), muted(rest, spans, rate)


def without_leak(mic: Samples, played: Samples, leak: Leak, rate: int, settings: LeakSettings) -> Samples:
    """The microphone's sound without a leak that was found before."""
    rest = mic.copy()
    if leak.blocks:
        for number, block in enumerate(_compared(mic, played, leak.delays, rate, settings)):
            if number in leak.blocks:
                rest[block.first : block.last] -= samples_of(_echo(block, rate, settings), block.last - block.first)
    return muted(rest, leak.spans, rate)


def muted(samples: Samples, spans: Sequence[Region], rate: int) -> Samples:
    """The samples with noise as low as their quietest tenth in these spans, so that no silence sticks out."""
    if not spans:
        return samples
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
    """That of a leak too faint for `delays`: of the likeliest, what explains the loudest block best; in samples."""
    blocks = _blocks(len(mic), rate, settings)
    first, last = max(blocks, key=lambda block: float(np.mean(played[block[0] : block[1]] ** 2)))
    low, high = _band(rate, settings)
    heard = spectra(mic[first:last])[:, low:high:PROBE_EVERY]

    def left(delay: int) -> float:
        delayed = laid(mic, played, [(0, float(delay))], HOP // 2, 0.0)
        source = spectra(delayed[first:last])[:, low:high:PROBE_EVERY]
        everywhere = np.ones(len(heard), np.bool_)
        rest = np.abs(heard - predicted(heard, source, everywhere, _taps(rate, settings), 1)) ** 2
        return float(np.mean(np.log(rest + 1e-12)))

    return min(_peaks(mic, played, rate, settings.delays), key=left)


def _peaks(mic: Samples, played: Samples, rate: int, settings: DelaySettings) -> list[int]:
    """The likeliest delays, by the phase alone."""
    length = 1 << int(np.ceil(np.log2(4 * rate)))
    early, late = round(settings.earliest_s * rate), round(settings.latest_s * rate)
    likeness = np.roll(by_phase(mic, played, length), -early)[: late - early]
    peaks = []
    for _ in range(CANDIDATES):
        peak = int(np.argmax(likeness))
        peaks.append(peak + early)
        likeness[max(0, peak - HOP // 4) : peak + HOP // 4] = 0.0
    return peaks


@dataclass(frozen=True, slots=True)
class _Block:
    """Its first sample and the one after its last; spectra of the microphone and the played sound; what teaches."""

    first: int
    last: int
    heard: Spectra
    source: Spectra
    taught: Flags


def _compared(
    mic: Samples, played: Samples, delays: Sequence[Point], rate: int, settings: LeakSettings
) -> Iterator[_Block]:
    """What was played lies half a hop before its leak here, so that the filter holds the leak's beginning."""
    delayed = laid(mic, played, delays, HOP // 2, settings.delays.alike_s * rate)
    sure = heard_at(delays if len(delays) > 1 else [], len(mic), rate, settings.delays)
    for first, last in _blocks(len(mic), rate, settings):
        taught = sure[first:last:HOP]
        if taught.sum() * HOP < settings.taught_s * rate:
            taught = np.ones_like(taught)
        yield _Block(first, last, spectra(mic[first:last]), spectra(delayed[first:last]), taught)


def _echo(block: _Block, rate: int, settings: LeakSettings) -> Spectra:
    """The leak; none where taking it out would leave more: what was played need not have sounded."""
    echo = predicted(block.heard, block.source, block.taught, _taps(rate, settings), settings.rounds)
    less = _level(block.heard - echo, rate, settings) <= _level(block.heard, rate, settings)
    return np.asarray(echo * less[:, None], np.complex64)


def _blocks(length: int, rate: int, settings: LeakSettings) -> list[tuple[int, int]]:
    """Blocks in which the room is taken not to change; a short rest goes with the block before it."""
    step = round(settings.block_s * rate) // HOP * HOP
    return list(pairwise([*range(0, max(1, length - step // 2), step), length]))


def _is_there(block: _Block, rate: int, settings: LeakSettings) -> bool:
    """Whether the played sound explains more of a block than the same sound does at times it wasn't played at."""
    low, high = _band(rate, settings)
    looked_at = _active(block.source, rate, settings) & block.taught
    if not looked_at.any():
        return False
    heard, source = block.heard[:, low:high], block.source[:, low:high]
    shifts = [len(source) * part // SHIFTS for part in range(SHIFTS)]
    told, *chance = (
        _explained(
            heard,
            np.roll(source, shift, 0),
            np.roll(block.taught, shift),
            np.roll(looked_at, shift),
            _taps(rate, settings),
        )
        for shift in shifts
    )
    return told > settings.over_chance * max(chance)


def _explained(heard: Spectra, source: Spectra, taught: Flags, looked_at: Flags, taps: int) -> float:
    """How much of the energy there follows from the source: the mean logarithm of the ratio to the rest.

    The logarithm lets a faint leak in many moments count for more than loud speech in a few.
    """
    energy = np.abs(heard) ** 2
    rest = np.abs(heard - predicted(heard, source, taught, taps, 1)) ** 2
    floor = energy.mean(axis=0) * _ratio(UNHEARD_DB) + 1e-12
    return float(np.mean(np.log((energy + floor) / (rest + floor))[looked_at]))


def _alone(block: _Block, echo: Spectra, rate: int, settings: LeakSettings) -> Flags:
    """For each hop of a block with leak, whether it holds nothing else."""
    low, high = _band(rate, settings)
    left, leaked = (_level(s[:, low:high], rate, settings) for s in (block.heard - echo, echo))
    noise = float(np.percentile(left, QUIETEST))
    own = (left > leaked * _ratio(settings.own_over_leak_db)) & (left > noise * _ratio(settings.own_over_noise_db))
    own = _dilated(_without_short(own, settings.least_own_s * rate / HOP), round(settings.keep_s * rate / HOP))
    audible = _active(block.source, rate, settings) & (leaked > noise * _ratio(settings.leak_over_noise_db))
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
    return round(settings.delays.low_hz / step), round(settings.delays.high_hz / step)


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
