"""The outline of a sound at every zoom: lowest and highest sample of each 10 ms, of each 40 ms, and so on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from woz.base.interval import NS_PER_S

Bins = NDArray[np.int8]
"""Shape (bins, 2): lowest and highest sample, full scale at 127."""
BIN_NS = 10_000_000
BINS_PER_S = 100
STEP = 4
"""A bin of a level holds so many of the one below."""
FULL, LOUDEST = 127, 32_767
"""The largest value of a bin, and of a sample."""


@dataclass(frozen=True, slots=True, eq=False)
class Waveform:
    """Levels from fine to coarse; a bin of the first is `BIN_NS` long."""

    levels: tuple[Bins, ...]

    @classmethod
    def of(cls, bins: Bins) -> Waveform:
        levels = [bins]
        while len(levels[-1]) > 2 * STEP:
            levels.append(_coarser(levels[-1]))
        return cls(tuple(levels))

    @property
    def duration_ns(self) -> int:
        return len(self.levels[0]) * BIN_NS

    def outline(self, edges_ns: NDArray[np.int64]) -> NDArray[np.float64]:
        """Lowest and highest (-1..1) between each time and the next, shape (len(edges_ns) - 1, 2).

        Nothing finer than the level that is needed is looked at; beyond the sound there is silence.
        """
        width = max(1, int(edges_ns[-1] - edges_ns[0]) // max(1, len(edges_ns) - 1))
        depth, bin_ns = 0, BIN_NS
        while depth + 1 < len(self.levels) and bin_ns * STEP <= width:
            depth, bin_ns = depth + 1, bin_ns * STEP
        level = self.levels[depth]
        if not len(level):
            return np.zeros((len(edges_ns) - 1, 2))
        first = np.clip(edges_ns[:-1] // bin_ns, 0, len(level) - 1)
        base, top = int(first[0]), int(first[-1]) + 1
        part = np.asarray(level[base:top])
        found = np.empty((len(first), 2))
        found[:, 0] = np.minimum.reduceat(part[:, 0], first - base)
        found[:, 1] = np.maximum.reduceat(part[:, 1], first - base)
        found[(edges_ns[1:] <= 0) | (edges_ns[:-1] >= len(level) * bin_ns)] = 0
        return found / FULL


def _coarser(bins: Bins) -> Bins:
    whole = -(-len(bins) // STEP) * STEP
    padded = np.concatenate([bins, np.repeat(bins[-1:], whole - len(bins), axis=0)]).reshape(-1, STEP, 2)
    return np.stack([padded[:, :, 0].min(1), padded[:, :, 1].max(1)], axis=1)


class Folding:
    """Takes a track's samples (mono, int16) as they come and keeps only their outline."""

    def __init__(self, rate: int) -> None:
        self._folded: list[Bins] = []
        self._waiting: list[NDArray[np.int16]] = []
        self._length = 0
        self._rate = rate
        self._bins = 0
        self._samples = 0

    @property
    def end_ns(self) -> int:
        """Of the sound that came."""
        return (self._samples + self._length) * NS_PER_S // self._rate

    def add(self, samples: NDArray[np.int16]) -> None:
        """What goes on from the last."""
        self._waiting.append(samples)
        self._length += len(samples)
        if self._length >= self._rate // 2:
            self._fold(whole=False)

    def silence_to(self, t_ns: int) -> None:
        """Where sound goes on later than it ended."""
        missing = t_ns * self._rate // NS_PER_S - self._samples - self._length
        while missing > 0:
            length = min(missing, self._rate)
            self.add(np.zeros(length, np.int16))
            missing -= length

    def finish(self) -> Bins:
        """All that came."""
        self._fold(whole=True)
        return np.concatenate(self._folded) if self._folded else np.zeros((0, 2), np.int8)

    def _fold(self, whole: bool) -> None:
        """Bins of which all samples are there; with `whole`, the last one too."""
        have = self._samples + self._length
        last = -(-have * BINS_PER_S // self._rate) if whole else have * BINS_PER_S // self._rate
        if last <= self._bins:
            return
        here = np.concatenate(self._waiting)
        edges = np.minimum(-(-np.arange(self._bins, last + 1) * self._rate // BINS_PER_S), have) - self._samples
        used = here[: edges[-1]]
        folded = np.stack([np.minimum.reduceat(used, edges[:-1]), np.maximum.reduceat(used, edges[:-1])], axis=1)
        self._folded.append(np.clip(np.round(folded * (FULL / LOUDEST)), -FULL, FULL).astype(np.int8))
        self._waiting = [here[edges[-1] :]]
        self._length = len(self._waiting[0])
        self._samples += int(edges[-1])
        self._bins = last
