"""Resampling by a ratio that may change at each block, with the exact place of each sample known."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import soxr
from numpy.typing import NDArray

Samples = NDArray[np.float32]

MAX_STRETCH = 1e-2


class Stretcher:
    """Variable-rate resampling by libsoxr.

    Where a sample comes out follows from how much came out at which ratio; the filter's own constant lag, of one
    or two samples, is measured once for each pair of rates.
    """

    def __init__(self, in_rate: int, out_rate: int) -> None:
        self._nominal = in_rate / out_rate
        self._ratio = self._nominal
        self._waiting = 0.0
        self._lag = lag(in_rate, out_rate)
        self._soxr = _stream(in_rate, out_rate)

    @property
    def pending(self) -> float:
        """After so many more samples out comes the next sample that goes in."""
        return self._waiting / self._ratio + self._lag

    def feed(self, samples: Samples, stretch: float) -> Samples:
        """Make these samples, and those still waiting, longer by the part `stretch`."""
        self._ratio = self._nominal / (1 + float(np.clip(stretch, -MAX_STRETCH, MAX_STRETCH)))
        self._soxr.set_io_ratio(self._ratio, 1.0)
        out: Samples = self._soxr.resample_chunk(samples)
        self._waiting += len(samples) - len(out) * self._ratio
        return out

    def finish(self) -> Samples:
        """What still waits, to the nearest sample."""
        rest: Samples = self._soxr.resample_chunk(np.zeros(0, np.float32), last=True)
        room = max(0, round(self.pending))
        return np.pad(rest[:room], (0, room - len(rest[:room])))


def _stream(in_rate: int, out_rate: int) -> soxr.ResampleStream:
    stream = soxr.ResampleStream(in_rate * (1 + MAX_STRETCH), out_rate, 1, dtype="float32", vr=True)
    stream.set_io_ratio(in_rate / out_rate, 1.0)
    return stream


@lru_cache
def lag(in_rate: int, out_rate: int) -> float:
    """How many samples too late a soft pulse comes out, by its centre of gravity."""
    middle = in_rate // 20
    pulse = np.exp(-0.5 * ((np.arange(2 * middle) - middle) / (in_rate / 6000)) ** 2).astype(np.float32)
    out = _stream(in_rate, out_rate).resample_chunk(pulse, last=True).astype(np.float64)
    return float(np.arange(len(out)) @ out / out.sum() - middle * out_rate / in_rate)
