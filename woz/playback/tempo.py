"""Sound faster or slower with its pitch kept, by FFmpeg's filter atempo."""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
from av.filter import Graph
from av.filter.context import FilterContext
from numpy.typing import NDArray

from woz.base.settings import AUDIO_RATE

Samples = NDArray[np.float32]

SLOWEST, FASTEST = 0.5, 2.0
"""Of one filter: a slower one doesn't exist, a faster one leaves sound out; so several stand in a row."""

EARLY = AUDIO_RATE * 18 // 1000
"""Slower than recorded, a sound begins so many samples of the film early, as was measured (its beginning is heard
more than once); so that much silence goes before."""


class Tempo:
    """Mono samples at `AUDIO_RATE` in; they come out `speed` times as fast: what went in at t at t / speed."""

    def __init__(self, speed: float) -> None:
        self._count = 0
        self._graph = _graph(speed) if speed != 1 else None
        self._before = np.zeros(round(EARLY / speed) if speed < 1 else 0, np.float32)

    def feed(self, samples: Samples) -> Samples:
        if self._graph is None or not len(samples):
            return samples
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), "flt", "mono")
        frame.sample_rate, frame.time_base = AUDIO_RATE, Fraction(1, AUDIO_RATE)
        frame.pts = self._count
        self._count += len(samples)
        self._graph.push(frame)
        before, self._before = self._before, self._before[:0]
        return np.concatenate([before, self._pulled(self._graph)])

    def finish(self) -> Samples:
        """What still waits; nothing may be fed after it."""
        if self._graph is None or not self._count:
            return np.zeros(0, np.float32)
        self._graph.push(None)
        return self._pulled(self._graph)

    @staticmethod
    def _pulled(graph: Graph) -> Samples:
        out = [np.zeros(0, np.float32)]
        while True:
            try:
                frame = graph.pull()
            except (av.BlockingIOError, av.EOFError):
                return np.concatenate(out)
            assert isinstance(frame, av.AudioFrame)
            out.append(frame.to_ndarray().reshape(-1).astype(np.float32))


def factors(speed: float) -> list[float]:
    """Of the filters in a row, each within what one can do."""
    found = []
    while speed > FASTEST:
        found.append(FASTEST)
        speed /= FASTEST
    while speed < SLOWEST:
        found.append(SLOWEST)
        speed /= SLOWEST
    return [*found, speed]


def _graph(speed: float) -> Graph:
    graph = Graph()
    last: FilterContext = graph.add_abuffer(
        format="flt", sample_rate=AUDIO_RATE, layout="mono", time_base=Fraction(1, AUDIO_RATE)
    )
    for factor in factors(speed):
        added = graph.add("atempo", f"{factor:.6f}")
        last.link_to(added)
        last = added
    last.link_to(graph.add("abuffersink"))
    graph.configure()
    return graph
