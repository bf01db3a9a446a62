"""The sound of a course in pieces, as they are to be played one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from woz.base.interval import NS_PER_S
from woz.base.settings import AUDIO_RATE
from woz.playback.course import Course
from woz.playback.tempo import Samples, Tempo
from woz.playback.voices import Voices, sample_at

AT_ONCE, BACK_AT_ONCE = AUDIO_RATE // 10, 2 * AUDIO_RATE
"""So many samples are read at a time; backwards more, since each time a place is looked for."""
EDGE = AUDIO_RATE // 250
"""Each lap fades in and out so quickly, that no click is heard."""

Mix = Callable[[Samples], Samples]
"""All voices' samples, shape (tracks, n), as one track."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Samples to be heard while the film goes on from `media_ns` at `rate`."""

    samples: Samples
    media_ns: int
    rate: float
    lap: int


def pieces(course: Course, voices: Voices, mix: Mix) -> Iterator[Piece]:
    """Each lap is as long as its time says, whatever a filter makes of it."""
    for lap, (start, end) in enumerate(course.laps()):
        given, total = 0, round(abs(end - start) / abs(course.rate) * AUDIO_RATE / NS_PER_S)
        for samples in _stretched(course.rate, start, end, voices, mix):
            part = samples[: total - given]
            if len(part):
                yield _piece(course, lap, start, given, _edged(part, given, total))
            given += len(part)
        while given < total:
            rest = np.zeros(min(total - given, AT_ONCE), np.float32)
            yield _piece(course, lap, start, given, rest)
            given += len(rest)


def _piece(course: Course, lap: int, start_ns: int, given: int, samples: Samples) -> Piece:
    media_ns = start_ns + round(given * NS_PER_S / AUDIO_RATE * course.rate)
    return Piece(samples, media_ns, course.rate, lap)


def _stretched(rate: float, start_ns: int, end_ns: int, voices: Voices, mix: Mix) -> Iterator[Samples]:
    tempo = Tempo(abs(rate))
    read = _forward if rate > 0 else _backward
    for samples in read(sample_at(start_ns), sample_at(end_ns), voices):
        yield tempo.feed(mix(samples))
    yield tempo.finish()


def _forward(first: int, end: int, voices: Voices) -> Iterator[Samples]:
    for at in range(first, end, AT_ONCE):
        yield voices.read(at, min(AT_ONCE, end - at))


def _backward(first: int, end: int, voices: Voices) -> Iterator[Samples]:
    for at in range(first, end, -BACK_AT_ONCE):
        begin = max(end, at - BACK_AT_ONCE)
        whole = voices.read(begin, at - begin)[:, ::-1]
        for part in range(0, whole.shape[1], AT_ONCE):
            yield whole[:, part : part + AT_ONCE]


def _edged(samples: Samples, given: int, total: int) -> Samples:
    """Louder and quieter by its place in the lap."""
    place = np.arange(given, given + len(samples))
    gain = np.minimum(1.0, np.minimum(place + 1, total - place) / min(EDGE, max(1, total // 2)))
    faded: Samples = (samples * gain).astype(np.float32) if gain.min() < 1 else samples
    return faded
