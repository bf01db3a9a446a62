"""What is heard of a voice lately: its level, speech, clipping."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from woz.base.clock import Clock
from woz.sound.level import Level

SPEECH_DB = -40.0
CLIPPED = 0.99
HOLD_NS = 3_000_000_000
"""How long clipping stays shown."""
PAUSE_NS = 1_000_000_000
"""Speech goes on through pauses of this length."""


class Hearing:
    """Takes a voice's blocks on one thread; may be asked on any."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._level = Level()
        self._spoke_ns: int | None = None
        self._clipped_ns: int | None = None

    def add(self, samples: NDArray[np.float32]) -> None:
        """A block of 10 to 20 ms of samples in -1..1."""
        self._level.add(samples)
        peak = float(np.max(np.abs(samples), initial=0.0))
        if peak >= 10 ** (SPEECH_DB / 20):
            self._spoke_ns = self._clock.now_ns()
        if peak >= CLIPPED:
            self._clipped_ns = self._clock.now_ns()

    @property
    def db(self) -> float:
        return self._level.db

    @property
    def heard_ago_s(self) -> float | None:
        """Seconds since there was anything as loud as speech; None where there never was."""
        return None if self._spoke_ns is None else (self._clock.now_ns() - self._spoke_ns) / 1e9

    @property
    def speaking(self) -> bool:
        return self._spoke_ns is not None and self._clock.now_ns() - self._spoke_ns < PAUSE_NS

    @property
    def clipped(self) -> bool:
        """Whether the voice was too loud for its converter within the last seconds."""
        return self._clipped_ns is not None and self._clock.now_ns() - self._clipped_ns < HOLD_NS
