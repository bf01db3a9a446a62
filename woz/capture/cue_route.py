"""Lets canned sentences take the microphone's place, to the sample."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from woz.base.settings import AUDIO_RATE

SECOND_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Cue:
    """A sentence as sound: mono, float32, 48 kHz. It begins at `due_ns` of the console's clock, or soon after."""

    text: str
    samples: NDArray[np.float32]
    due_ns: int


@dataclass(frozen=True, slots=True)
class SpokenCue:
    """When a cue was spoken, on the console's clock; `whole` is False where it was stopped."""

    text: str
    begin_ns: int
    end_ns: int
    whole: bool


class CueRoute:
    """Each block of the microphone passes through `mix`, on one thread; cues are put from any."""

    def __init__(self, spoken: Callable[[SpokenCue], None]) -> None:
        self._spoken = spoken
        self._lock = threading.Lock()
        self._cues: deque[Cue] = deque()
        self._done = 0
        self._begin_ns = 0
        self._stop = False

    @property
    def now(self) -> str:
        """The sentence that is being spoken, or waits; empty where there is none."""
        with self._lock:
            return self._cues[0].text if self._cues else ""

    def put(self, cue: Cue) -> None:
        """Speak it at its time, after those that were put before."""
        with self._lock:
            self._cues.append(cue)

    def stop(self) -> None:
        """Break off the one that is spoken and forget those that wait."""
        with self._lock:
            self._stop = bool(self._cues)

    def mix(self, samples: NDArray[np.float32], at_ns: int) -> NDArray[np.float32]:
        """The block, whose first sample was taken at `at_ns`, with a cue in place of what it holds."""
        with self._lock:
            out, ended = self._mix(samples, at_ns)
        for cue in ended:
            self._spoken(cue)
        return out

    def _mix(self, samples: NDArray[np.float32], at_ns: int) -> tuple[NDArray[np.float32], list[SpokenCue]]:
        if self._stop:
            return samples, self._break_off(at_ns)
        ended: list[SpokenCue] = []
        out, place = samples, 0
        while self._cues:
            place = max(place, self._place(at_ns)) if not self._done else place
            if place >= len(samples):
                break
            out = samples.copy() if out is samples else out
            place = self._lay(out, place, at_ns)
            if self._done < len(self._cues[0].samples):
                break
            ended.append(self._end(at_ns + _ns(place), True))
        return out, ended

    def _place(self, at_ns: int) -> int:
        """Where in the block the first cue that waits is due."""
        return max(0, round((self._cues[0].due_ns - at_ns) * AUDIO_RATE / SECOND_NS))

    def _lay(self, out: NDArray[np.float32], place: int, at_ns: int) -> int:
        sound = self._cues[0].samples
        if not self._done:
            self._begin_ns = at_ns + _ns(place)
        n = min(len(out) - place, len(sound) - self._done)
        out[place : place + n] = sound[self._done : self._done + n]
        self._done += n
        return place + n

    def _break_off(self, at_ns: int) -> list[SpokenCue]:
        begun = self._done > 0
        ended = [self._end(at_ns, False)] if begun else []
        self._cues.clear()
        self._done, self._stop = 0, False
        return ended

    def _end(self, end_ns: int, whole: bool) -> SpokenCue:
        cue = self._cues.popleft()
        self._done = 0
        return SpokenCue(cue.text, self._begin_ns, end_ns, whole)


def _ns(samples: int) -> int:
    return round(samples * SECOND_NS / AUDIO_RATE)
