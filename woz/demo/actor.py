"""Plays one person's track into the default sound device so that its first sample sounds at a given time of UTC.

Run as `python -m woz.demo.actor WAV START_UTC_NS`; it ends after the last sample.
"""

from __future__ import annotations

import statistics
import sys
import threading
import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from woz.capture.sound_card import CardSpeaker
from woz.clock import Clock, SystemClock
from woz.settings import AUDIO_RATE

LEARNING_BLOCKS = 60


class Playback:
    """Gives silence while it learns the device's times, then the track, sample by sample from its place on."""

    def __init__(self, samples: NDArray[np.float32], start_ns: int) -> None:
        self._samples = samples
        self._start_ns = start_ns
        self._offsets: list[int] = []
        self.ended = threading.Event()

    def pull(self, n: int, device_ns: int, dac_ns: int) -> NDArray[np.float32]:
        if len(self._offsets) < LEARNING_BLOCKS:
            self._offsets.append(dac_ns - device_ns)
            return np.zeros(n, np.float32)
        leaves_ns = device_ns + round(statistics.median(self._offsets))
        first = round((leaves_ns - self._start_ns) * AUDIO_RATE / 1e9)
        out = np.zeros(n, np.float32)
        begin, end = max(0, first), min(len(self._samples), first + n)
        if begin < end:
            out[begin - first : end - first] = self._samples[begin:end]
        if first > len(self._samples) + AUDIO_RATE // 2:
            self.ended.set()
        return out


def play(path: Path, start_utc_ns: int, clock: Clock) -> None:
    """Blocks until the track is over. Raises WozError where there is no sound device."""
    with wave.open(str(path)) as file:
        pcm = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    start_ns = start_utc_ns - clock.utc_ns() + clock.now_ns()
    playback = Playback((pcm / 32768).astype(np.float32), start_ns)
    speaker = CardSpeaker("default", clock)
    speaker.start(playback.pull)
    playback.ended.wait()
    speaker.stop()


if __name__ == "__main__":
    play(Path(sys.argv[1]), int(sys.argv[2]), SystemClock())
