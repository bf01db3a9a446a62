"""Adds several voices up to one track."""

from __future__ import annotations

import numpy as np

from woz.base.interval import NS_PER_S, Interval
from woz.base.settings import AUDIO_RATE
from woz.sound.session_track import Samples, SessionTrack


class TrackMixer:
    """The sum of named inputs, each on session time; what comes out reaches as far as the shortest of them."""

    def __init__(self, rate: int = AUDIO_RATE) -> None:
        self.rate = rate
        self._tracks: dict[str, SessionTrack] = {}
        self._pending: dict[str, Samples] = {}
        self._mixed = 0

    @property
    def gaps(self) -> list[Interval]:
        """The gaps of all inputs, by time."""
        return sorted(gap for track in self._tracks.values() for gap in track.gaps)

    @property
    def refused_samples(self) -> int:
        return sum(track.refused_samples for track in self._tracks.values())

    def expect(self, name: str) -> None:
        """Name an input before its first sound, so that the mix waits for it."""
        if name not in self._tracks:
            self._tracks[name] = SessionTrack(self.rate, self._mixed)
            self._pending[name] = np.zeros(0, np.float32)

    def add(self, name: str, start_ns: int, samples: Samples, rate: int) -> Samples:
        """Take a block of one input as `SessionTrack.add` does; the answer continues the mix."""
        self.expect(name)
        self._keep(name, self._tracks[name].add(start_ns, samples, rate))
        return self._mix()

    def fill_to(self, session_ns: int) -> Samples:
        """Wait no longer for inputs that don't reach a session time."""
        for name, track in self._tracks.items():
            self._keep(name, track.fill_to(session_ns))
        return self._mix() if self._tracks else self._silence_to(session_ns)

    def finish(self, session_ns: int) -> Samples:
        for name, track in self._tracks.items():
            self._keep(name, track.finish(session_ns))
        return self._mix() if self._tracks else self._silence_to(session_ns)

    def _keep(self, name: str, samples: Samples) -> None:
        """Sound that a fault took is silence, so that what follows keeps its place."""
        pending = self._pending[name]
        taken = self._tracks[name].written - len(samples) - self._mixed - len(pending)
        self._pending[name] = np.concatenate([pending, np.zeros(taken, np.float32), samples])

    def _mix(self) -> Samples:
        length = min(len(pending) for pending in self._pending.values())
        mixed = np.zeros(length, np.float32)
        for name, pending in self._pending.items():
            mixed += pending[:length]
            self._pending[name] = pending[length:]
        self._mixed += length
        return np.clip(mixed, -1, 1)

    def _silence_to(self, session_ns: int) -> Samples:
        length = max(0, session_ns * self.rate // NS_PER_S - self._mixed)
        self._mixed += length
        return np.zeros(length, np.float32)
