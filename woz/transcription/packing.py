"""Speech laid end to end: what is recognised holds no long pause, and its times lead back to the track's own.

Recognition costs by the half minute of sound, speech or not. Packed, a track costs by its speech alone.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
Region = tuple[float, float]
"""Start and end in seconds."""

EDGE_S = 1.0
"""How much of the sound around a region of speech is kept with it; without pauses a recogniser goes astray."""
VOICES_EDGE_S = 0.6
"""The same for telling voices apart, which knows them better with more of it."""
BESIDE_S = 0.2
"""So much of a span that holds another's leak alone is still heard beside speech: a word may begin in it."""
QUIET = 10 ** (-70 / 20)
"""Below this nobody speaks."""
QUIET_S = 4.0
"""Only a silence of this length is left out before the voice-activity model."""
AROUND_S = 1.0
"""How much of such a silence the model still hears on each side; cut closer, it hears speech go on to the cut."""
FRAME_S = 0.05


@dataclass(frozen=True, slots=True)
class Packing:
    """Pieces of a track in their order; `offsets` are where they begin in the packed sound (s).

    `pauses` are moments of the packed sound at which nobody speaks: between regions of speech, also within a piece.
    """

    pieces: tuple[Region, ...]
    offsets: tuple[float, ...]
    pauses: tuple[float, ...] = ()

    @classmethod
    def of(cls, regions: Sequence[Region], length_s: float, rate: int, edge_s: float = EDGE_S) -> Packing:
        """The regions with a little around them. Regions are by time and don't overlap."""
        pieces = _joined(regions, length_s, edge_s)
        lengths = np.cumsum([0, *(round(b * rate) - round(a * rate) for a, b in pieces)]) / rate
        laid = cls(tuple(pieces), tuple(float(at) for at in lengths[:-1]))
        ends = [(laid.forth(*before)[1], laid.forth(*after)[0]) for before, after in pairwise(regions)]
        return replace(laid, pauses=tuple((end + start) / 2 for end, start in ends))

    @property
    def length_s(self) -> float:
        return self.offsets[-1] + self.pieces[-1][1] - self.pieces[-1][0] if self.pieces else 0.0

    def back(self, start_s: float, end_s: float) -> Region:
        """Where a span of the packed sound lies in the track; it never leaves the piece that holds its middle."""
        i = max(0, bisect_right(self.offsets, (start_s + end_s) / 2) - 1)
        first, last = self.pieces[i]
        shift = first - self.offsets[i]
        start = min(max(start_s + shift, first), last)
        return start, min(max(end_s + shift, start), last)

    def forth(self, start_s: float, end_s: float) -> Region:
        """Where a span of the track lies in the packed sound; what lies in no piece goes to an edge."""
        return self._forth(start_s), max(self._forth(start_s), self._forth(end_s))

    def _forth(self, at_s: float) -> float:
        i = max(0, bisect_right(self.pieces, at_s, key=itemgetter(0)) - 1)
        first, last = self.pieces[i]
        return self.offsets[i] + min(max(at_s, first), last) - first

    def pieces_of(self, start_s: float, end_s: float) -> list[Region]:
        """Where a span of the packed sound lies in the track: one part for each piece that it touches."""
        parts = []
        for offset, (first, last) in zip(self.offsets, self.pieces, strict=True):
            a, b = max(start_s, offset), min(end_s, offset + last - first)
            if a < b:
                parts.append((a - offset + first, b - offset + first))
        return parts or [self.back(start_s, end_s)]

    def chunks(self, longest_s: float) -> list[tuple[float, float]]:
        """Stretches of the packed sound of at most `longest_s`, cut at pauses where that can be."""
        cuts: list[tuple[float, float]] = []
        for start, stop in pairwise((0.0, *self.pauses, self.length_s)) if self.pieces else ():
            if cuts and stop - cuts[-1][0] <= longest_s:
                cuts[-1] = (cuts[-1][0], stop)
            else:
                cuts += _in_parts(start, stop, longest_s)
        return cuts

    def halves(self, start_s: float, end_s: float) -> tuple[Region, Region]:
        """A stretch of the packed sound in two, cut at the pause nearest its middle; there, where none is near."""
        middle, near_s = (start_s + end_s) / 2, (end_s - start_s) / 4
        pauses = [at for at in self.pauses if abs(at - middle) <= near_s]
        at = min(pauses, key=lambda pause: abs(pause - middle), default=middle)
        return (start_s, at), (at, end_s)


def packed(samples: Samples, rate: int, packing: Packing) -> Samples:
    """The pieces end to end."""
    parts = [samples[round(a * rate) : round(b * rate)] for a, b in packing.pieces]
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def muted(samples: Samples, rate: int, silent: Sequence[Region], speech: Sequence[Region]) -> Samples:
    """The sound with nothing in the spans named silent, but for what lies right beside speech."""
    if not silent:
        return samples
    keep = np.ones(len(samples), np.bool_)
    for start, end in silent:
        keep[round(start * rate) : round(end * rate)] = False
    for start, end in speech:
        keep[max(0, round((start - BESIDE_S) * rate)) : round((end + BESIDE_S) * rate)] = True
    return np.asarray(samples * keep, np.float32)


def sounding(samples: Samples, rate: int, silent: Sequence[Region] = ()) -> list[Region]:
    """Where there is any sound; spans named silent hold none. Short silences count as sound."""
    size = round(FRAME_S * rate)
    frames = np.pad(samples, (0, -len(samples) % size)).reshape(-1, size)
    loud = np.max(np.abs(frames), axis=1, initial=0.0) > QUIET
    for start, end in silent:
        loud[math.ceil(start / FRAME_S) : math.floor(end / FRAME_S)] = False
    edges = np.flatnonzero(np.diff(np.concatenate([[0], loud.astype(np.int8), [0]]))) * FRAME_S
    length_s, found = len(samples) / rate, list[Region]()
    for start, end in edges.reshape(-1, 2):
        if found and start - found[-1][1] < QUIET_S - AROUND_S:
            found[-1] = (found[-1][0], min(length_s, end + AROUND_S))
        else:
            found.append((max(0.0, start - AROUND_S), min(length_s, end + AROUND_S)))
    return found


def _joined(regions: Sequence[Region], length_s: float, edge_s: float) -> list[Region]:
    pieces: list[Region] = []
    for start, end in regions:
        start, end = max(0.0, start - edge_s), min(length_s, end + edge_s)
        if pieces and start <= pieces[-1][1]:
            pieces[-1] = (pieces[-1][0], end)
        elif start < end:
            pieces.append((start, end))
    return pieces


def _in_parts(start: float, end: float, longest_s: float) -> list[tuple[float, float]]:
    count = max(1, int(np.ceil((end - start) / longest_s - 1e-9)))
    edges = np.linspace(start, end, count + 1)
    return [(float(a), float(b)) for a, b in pairwise(edges)]
