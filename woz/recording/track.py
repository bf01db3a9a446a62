"""Lays blocks of sound on session time: sample k of what comes out is the sound at k / rate seconds."""

from __future__ import annotations

import numpy as np
import soxr
from numpy.typing import NDArray

from woz.interval import NS_PER_S, Interval
from woz.settings import AUDIO_RATE

Samples = NDArray[np.float32]

GAP_NS = 30_000_000
"""A block that begins this much later than the last one ended leaves a gap, which is filled with silence."""
CATCH_UP_S = 4.0
"""A smaller error is worked off over about this time by resampling a little faster or slower."""
MAX_SLEW = 5e-3


class SessionTrack:
    """One voice, continuous from session time 0: drift is resampled away, nothing is cut or moved earlier.

    In steady state a card that is off by d ppm lies `d * CATCH_UP_S` microseconds beside its own time stamps.
    """

    def __init__(self, rate: int = AUDIO_RATE) -> None:
        self.rate = rate
        self.written = 0
        self.gaps: list[Interval] = []
        self.refused_samples = 0
        self._head = 0.0
        self._resampler: soxr.ResampleStream | None = None
        self._in_rate = 0

    def add(self, start_ns: int, samples: Samples, rate: int) -> Samples:
        """Take mono samples in -1..1 whose first one sounded at `start_ns`; the answer continues the track."""
        due = start_ns * self.rate / NS_PER_S
        limit = GAP_NS * self.rate / NS_PER_S
        if due - self._head < -limit:
            self.refused_samples += len(samples)
            return np.zeros(0, np.float32)
        out: list[Samples] = []
        if self._resampler is None or rate != self._in_rate or due - self._head > limit:
            out += [self._flush(), self._silence_to(round(due))]
            self._open(rate)
        out.append(self._resample(samples, due - self._head))
        return self._emit(out)

    def fill_to(self, session_ns: int) -> Samples:
        """Silence up to a session time, where the track does not reach there yet."""
        target = session_ns * self.rate // NS_PER_S
        if target - self._head <= GAP_NS * self.rate / NS_PER_S:
            return np.zeros(0, np.float32)
        return self._emit([self._flush(), self._silence_to(target)])

    def finish(self, session_ns: int) -> Samples:
        """The rest of the track, up to the session's end."""
        target = session_ns * self.rate // NS_PER_S
        rest = self._flush()
        pad = max(0, target - self.written - len(rest))
        return self._emit([rest, np.zeros(pad, np.float32)])

    def _open(self, rate: int) -> None:
        self._in_rate = rate
        self._resampler = soxr.ResampleStream(
            rate * (1 + MAX_SLEW), self.rate, 1, dtype="float32", quality="HQ", vr=True
        )
        self._resampler.set_io_ratio(rate, self.rate)

    def _resample(self, samples: Samples, error: float) -> Samples:
        assert self._resampler is not None
        slew = float(np.clip(error / (CATCH_UP_S * self.rate), -MAX_SLEW, MAX_SLEW))
        ratio = self._in_rate * (1 - slew)
        self._resampler.set_io_ratio(ratio, self.rate, max(1, len(samples) // 2))
        self._head += len(samples) * self.rate / ratio
        out: Samples = self._resampler.resample_chunk(samples)
        return out

    def _flush(self) -> Samples:
        if self._resampler is None:
            return np.zeros(0, np.float32)
        rest: Samples = self._resampler.resample_chunk(np.zeros(0, np.float32), last=True)
        self._resampler = None
        room = max(0, round(self._head) - self.written)
        return np.pad(rest[:room], (0, room - len(rest[:room])))

    def _silence_to(self, target: int) -> Samples:
        start = max(self.written, round(self._head))
        if target <= start:
            return np.zeros(0, np.float32)
        self.gaps.append(Interval(start * NS_PER_S // self.rate, target * NS_PER_S // self.rate))
        self._head = float(target)
        return np.zeros(target - start, np.float32)

    def _emit(self, parts: list[Samples]) -> Samples:
        out = np.concatenate(parts)
        self.written += len(out)
        if self._resampler is None:
            self._head = float(self.written)
        return out


class TrackMixer:
    """Adds several tracks up: what comes out reaches as far as the shortest of them."""

    def __init__(self, rate: int = AUDIO_RATE) -> None:
        self.rate = rate
        self._tracks: dict[str, SessionTrack] = {}
        self._pending: dict[str, Samples] = {}
        self._mixed = 0

    @property
    def gaps(self) -> list[Interval]:
        return [gap for track in self._tracks.values() for gap in track.gaps]

    def expect(self, name: str) -> None:
        """Name an input before its first sound, so that the mix waits for it."""
        if name not in self._tracks:
            self._tracks[name] = SessionTrack(self.rate)
            self._pending[name] = np.zeros(0, np.float32)
            self._keep(name, self._tracks[name].fill_to(self._mixed * NS_PER_S // self.rate))

    def add(self, name: str, start_ns: int, samples: Samples, rate: int) -> Samples:
        self.expect(name)
        self._keep(name, self._tracks[name].add(start_ns, samples, rate))
        return self._mix()

    def fill_to(self, session_ns: int) -> Samples:
        for name, track in self._tracks.items():
            self._keep(name, track.fill_to(session_ns))
        return self._mix()

    def finish(self, session_ns: int) -> Samples:
        for name, track in self._tracks.items():
            self._keep(name, track.finish(session_ns))
        return self._mix()

    def _keep(self, name: str, samples: Samples) -> None:
        self._pending[name] = np.concatenate([self._pending[name], samples])

    def _mix(self) -> Samples:
        n = min((len(pending) for pending in self._pending.values()), default=0)
        mixed = np.zeros(n, np.float32)
        for name, pending in self._pending.items():
            mixed += pending[:n]
            self._pending[name] = pending[n:]
        self._mixed += n
        return np.clip(mixed, -1, 1)
