"""Lays blocks of sound on session time: sample k of what comes out is the sound at k / rate seconds."""

from __future__ import annotations

from statistics import median

import numpy as np
from numpy.typing import NDArray

from woz.base.interval import NS_PER_MS, NS_PER_S, Interval
from woz.base.settings import AUDIO_RATE
from woz.sound.stretcher import Stretcher, lag
from woz.timing.block_clock import BlockClock

Samples = NDArray[np.float32]

HOLE_NS = NS_PER_MS
"""Silence of this length is a gap: what is shorter comes of rounding where sound begins."""
GAP_NS = 40 * NS_PER_MS
"""Sound that comes this much too early is refused, and a track that ends this much before it should is filled; less
is worked off by resampling."""
LOST_NS = 6 * NS_PER_MS
"""Sound that comes this much later than the last ended is preceded by silence; less is worked off by resampling."""
UNDER_WAY_NS = 500 * NS_PER_MS
"""Sound of this length may still be under way when a session ends; that it is missing is no gap."""
SURE_S = 0.1
"""So much sound in a row must say that there is a gap: a single wrong time stamp is none."""
CATCH_UP_S = 1.0
"""An error of place is worked off with this time constant."""
MAX_SLEW = 5e-3
LAG_SAMPLES = 8
"""What comes out of the resampler before the first sample that went in; it is left out where there is no room."""


class SessionTrack:
    """One voice, continuous from session time 0: drift is resampled away, nothing is repeated or moved earlier.

    `gaps` are stretches of silence where sound was missing, `refused_samples` counts sound that came for a time
    already written. A track that joins others begins at their sample `written`.
    """

    def __init__(self, rate: int = AUDIO_RATE, written: int = 0) -> None:
        self.rate = rate
        self.written = written
        self.gaps: list[Interval] = []
        self.refused_samples = 0
        self._clock: BlockClock | None = None
        self._stretcher: Stretcher | None = None
        self._in_rate = 0
        self._ahead = 0
        self._doubtful: list[tuple[int, Samples]] = []

    def add(self, start_ns: int, samples: Samples, rate: int) -> Samples:
        """Take mono samples in -1..1 whose first one sounded at `start_ns`; the answer continues the track."""
        start_ns, samples = _from_zero(start_ns, samples, rate)
        if not len(samples):
            return _silence(0)
        parts = []
        if rate != self._in_rate:
            parts += [self._settle(), self._end_sound()]
            self._in_rate = rate
        if self._clock is None:
            self._clock = BlockClock(start_ns)
            parts.append(self._begin(start_ns))
        self._doubtful.append((start_ns, samples))
        if self._stretcher is None or _goes_on(self._wrong_ns()) or self._doubtful_s() >= SURE_S:
            parts.append(self._settle())
        return np.concatenate(parts) if parts else _silence(0)

    def fill_to(self, session_ns: int) -> Samples:
        """Silence up to a session time, where the track does not reach there yet."""
        parts = [self._settle()] if self._doubtful and self._head < self._sample(session_ns) else []
        if self._sample(session_ns) - self._head > self._sample(GAP_NS):
            parts += [self._end_sound(), self._silence_to(self._sample(session_ns))]
        return np.concatenate(parts) if parts else _silence(0)

    def finish(self, session_ns: int) -> Samples:
        """The rest of the track; it ends at `session_ns` unless it is there already."""
        target = self._sample(session_ns)
        before = self.written
        rest = np.concatenate([self._settle(), self._end_sound()])[: max(0, target - before)]
        self.written = before + len(rest)
        return np.concatenate([rest, self._silence_to(target, UNDER_WAY_NS)])

    # where the sound is, in samples of the track

    @property
    def _head(self) -> float:
        """The place of the next sample that goes in."""
        return self.written - self._ahead + (self._stretcher.pending if self._stretcher else 0.0)

    def _sample(self, session_ns: int) -> int:
        return session_ns * self.rate // NS_PER_S

    def _doubtful_s(self) -> float:
        return sum(len(samples) for _, samples in self._doubtful) / self._in_rate

    def _wrong_ns(self) -> float:
        """How much later than expected the blocks say that they are: the last where it fits, else the median."""
        assert self._clock
        wrong, length_ns = [], 0.0
        for start_ns, samples in self._doubtful:
            wrong.append(start_ns - self._clock.now_ns - length_ns)
            length_ns += len(samples) / self._in_rate * NS_PER_S
        return min(wrong[-1], median(wrong), key=abs)

    # laying down

    def _settle(self) -> Samples:
        """Lay down the blocks that waited for a decision."""
        if not self._doubtful or self._clock is None:
            return _silence(0)
        blocks, wrong_ns = self._doubtful, self._wrong_ns()
        parts = []
        if not _goes_on(wrong_ns):
            begin_ns = round(self._clock.now_ns + wrong_ns)
            self._clock.restart(begin_ns)
            parts.append(self._begin(begin_ns))
        self._doubtful = []
        parts += [self._lay(start_ns, samples) for start_ns, samples in blocks]
        return np.concatenate(parts)

    def _begin(self, start_ns: int) -> Samples:
        """End the sound before and fill up to where the sound after begins."""
        tail = self._end_sound()
        place = round(start_ns * self.rate / NS_PER_S - lag(self._in_rate, self.rate))
        silence = self._silence_to(place)
        self._ahead = max(0, min(LAG_SAMPLES, self.written - place))
        return np.concatenate([tail, silence])

    def _lay(self, stamp_ns: int, samples: Samples) -> Samples:
        """Lay down a block; what of it lies before the end of the track is refused."""
        assert self._clock
        length_s = len(samples) / self._in_rate
        if abs(stamp_ns - self._clock.now_ns) <= GAP_NS:
            self._clock.correct(stamp_ns)
        late_s = self._late_s()
        fill = _silence(0)
        if self._stretcher and late_s * NS_PER_S > LOST_NS:
            fill = self._begin(round(self._clock.now_ns))
            late_s = self._late_s()
        self._clock.advance(length_s)
        if late_s * NS_PER_S < (-GAP_NS if self._stretcher else 0):
            early = min(len(samples), round(-late_s * self._in_rate))
            self.refused_samples += early
            samples, late_s = samples[early:], 0.0
        rest = self._stretch(samples, late_s, length_s) if len(samples) else self._end_sound()
        return np.concatenate([fill, rest])

    def _late_s(self) -> float:
        """How much later than its place in the track the sound that goes in next is, by the clock."""
        assert self._clock
        return self._clock.now_ns / NS_PER_S - self._head / self.rate

    def _stretch(self, samples: Samples, late_s: float, length_s: float) -> Samples:
        assert self._clock
        if self._stretcher is None:
            self._stretcher = Stretcher(self._in_rate, self.rate)
        slew = float(np.clip(late_s / max(CATCH_UP_S, 2 * length_s), -MAX_SLEW, MAX_SLEW))
        out = self._stretcher.feed(samples, self._clock.drift + slew)
        before, self._ahead = self._ahead, max(0, self._ahead - len(out))
        return self._emit(out[before:])

    def _end_sound(self) -> Samples:
        stretcher, self._stretcher, self._ahead = self._stretcher, None, 0
        return self._emit(stretcher.finish() if stretcher else _silence(0))

    def _silence_to(self, target: int, longest_ns: int = HOLE_NS) -> Samples:
        """Silence, which is a gap where it is longer than this."""
        start, end = self.written, max(self.written, target)
        gap = Interval(start * NS_PER_S // self.rate, end * NS_PER_S // self.rate)
        if self.gaps and self.gaps[-1].end_ns == gap.start_ns:
            self.gaps[-1] |= gap
        elif gap.duration_ns > longest_ns:
            self.gaps.append(gap)
        return self._emit(_silence(end - start))

    def _emit(self, samples: Samples) -> Samples:
        self.written += len(samples)
        return samples


def _goes_on(wrong_ns: float) -> bool:
    """Sound that comes this much later than expected is joined to what is there by resampling."""
    return -GAP_NS <= wrong_ns <= LOST_NS


def _silence(length: int) -> Samples:
    return np.zeros(length, np.float32)


def _from_zero(start_ns: int, samples: Samples, rate: int) -> tuple[int, Samples]:
    """The part of a block that lies after session time 0."""
    if start_ns >= 0:
        return start_ns, samples
    before = -(start_ns * rate // NS_PER_S)
    return start_ns + before * NS_PER_S // rate, samples[before:]
