"""Where each sample of a track belongs in a sink's count of samples, so that it sounds at its time."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from woz.base.interval import NS_PER_S
from woz.base.settings import AUDIO_RATE

Pcm = NDArray[np.int16]

REMEMBERED_NS = 3 * NS_PER_S
"""A sink whose steps are rounded runs off by up to 170 ppm: 0.5 ms in this time."""
CHUNK = AUDIO_RATE // 10
WARPED = AUDIO_RATE // 1000
"""A chunk is stretched or squeezed by no more than this; where the sink's time moved more, the next one is put in
its own place."""


class SinkClock:
    """When a sink's samples sound. Readings come late by chance and never early: the quickest is believed."""

    def __init__(self) -> None:
        self._readings: deque[tuple[int, int]] = deque()

    def add(self, index: int, sounds_ns: int) -> None:
        """The sink's sample `index` sounds at `sounds_ns` or earlier."""
        while self._readings and self._readings[0][0] < sounds_ns - REMEMBERED_NS:
            self._readings.popleft()
        self._readings.append((sounds_ns, sounds_ns - index * NS_PER_S // AUDIO_RATE))

    def index(self, at_ns: int) -> int:
        """The sample that sounds then."""
        zero_ns = min(zero_ns for _, zero_ns in self._readings)
        return round((at_ns - zero_ns) * AUDIO_RATE / NS_PER_S)


class Playback:
    """Gives the track piece by piece, each with its place in the sink: the first sample sounds at `start_ns`."""

    def __init__(self, samples: Pcm, start_ns: int, clock: SinkClock) -> None:
        self._samples = samples
        self._start_ns = start_ns
        self._clock = clock
        self._given = 0
        self._next_index: int | None = None
        self.late = 0
        """Samples that were given after their time, and so not heard."""

    @property
    def given_all(self) -> bool:
        return self._given >= len(self._samples)

    def pieces(self, sounding: int, until_ns: int) -> Iterator[tuple[int, Pcm]]:
        """What is to be written now: all that sounds before `until_ns`; `sounding` is the sink's next sample."""
        while not self.given_all and self._due_ns(self._given) < until_ns:
            chunk = self._samples[self._given : self._given + CHUNK]
            begin = self._clock.index(self._due_ns(self._given))
            end = self._clock.index(self._due_ns(self._given + len(chunk)))
            if self._next_index is not None and abs(begin - self._next_index) <= WARPED:
                begin = self._next_index
            self.late += min(max(0, sounding - begin), end - begin)
            self._given += len(chunk)
            self._next_index = end
            yield begin, _fitted(chunk, end - begin)

    def _due_ns(self, sample: int) -> int:
        return self._start_ns + sample * NS_PER_S // AUDIO_RATE


def _fitted(chunk: Pcm, length: int) -> Pcm:
    """The chunk in so many samples."""
    if length == len(chunk):
        return chunk
    places = np.linspace(0, len(chunk) - 1, length)
    return np.interp(places, np.arange(len(chunk)), chunk).round().astype(np.int16)
