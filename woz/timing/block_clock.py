"""When blocks of sound really began: the line through their jittery time stamps."""

from __future__ import annotations

from collections import deque
from statistics import median

from woz.base.interval import NS_PER_S

JITTER_S = 1e-3
"""How far a time stamp is usually off."""
UNKNOWN_DRIFT = 2e-4
WANDER = 2e-7
"""How much the drift of a crystal changes in a second, as a part of its rate."""
STEP_S, STEP_BLOCKS = 6e-3, 25
"""A time stamp that is off by more than this teaches nothing, unless so many in a row are: then sound was lost."""


class BlockClock:
    """Maps a count of seconds of sound to session time, by a Kalman filter of offset and drift.

    At first it is the least-squares line through all time stamps, later one that forgets over about 20 s. Time
    stamps of 10 ms blocks that are off by up to 5 ms either way leave an error of about 0.15 ms (root mean square),
    and nothing lags behind a steady drift. Kalman, R. E. (1960), "A new approach to linear filtering and prediction
    problems".
    """

    def __init__(self, start_ns: int) -> None:
        self._zero_ns = start_ns
        self._offset = 0.0
        self.drift = 0.0
        self._p_offset = JITTER_S**2
        self._p_both = 0.0
        self._p_drift = UNKNOWN_DRIFT**2
        self._at = 0.0
        self._wrong: deque[float] = deque(maxlen=STEP_BLOCKS)

    def restart(self, start_ns: int) -> None:
        """The sound went on at another time: forget the offset and keep the drift."""
        self._zero_ns = start_ns - round(self._at * NS_PER_S)
        self._offset = 0.0
        self._loosen()

    def advance(self, seconds: float) -> None:
        """This much sound has passed."""
        self._at += seconds
        self._offset += self.drift * seconds
        self._p_offset += (2 * self._p_both + self._p_drift * seconds) * seconds
        self._p_both += self._p_drift * seconds
        self._p_drift += WANDER**2 * seconds

    @property
    def now_ns(self) -> float:
        """The session time that the sound has reached."""
        return self._zero_ns + (self._at + self._offset) * NS_PER_S

    def correct(self, stamp_ns: int) -> None:
        """Learn from the time stamp of the block that begins now."""
        wrong = (stamp_ns - self.now_ns) / NS_PER_S
        self._wrong.append(wrong)
        if len(self._wrong) == STEP_BLOCKS and abs(step := median(self._wrong)) > STEP_S:
            self._offset += step
            wrong -= step
            self._loosen()
        if abs(wrong) > STEP_S:
            return
        total = self._p_offset + JITTER_S**2
        gain_offset, gain_drift = self._p_offset / total, self._p_both / total
        self._offset += gain_offset * wrong
        self.drift += gain_drift * wrong
        self._p_drift -= gain_drift * self._p_both
        self._p_both -= gain_drift * self._p_offset
        self._p_offset -= gain_offset * self._p_offset

    def _loosen(self) -> None:
        self._p_offset, self._p_both = JITTER_S**2, 0.0
        self._wrong.clear()
