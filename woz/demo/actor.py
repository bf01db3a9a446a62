"""Plays one person's track so that its first sample sounds at a given time of UTC.

Run as `python -m woz.demo.actor WAV START_UTC_NS`. It exits when the track has ended; with
`--json` it prints a line of JSON when the track begins and one when it has ended.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import threading
import wave
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from woz.capture.converter_times import ConverterTimes
from woz.capture.sound import portaudio
from woz.clock import Clock, SystemClock
from woz.demo.pulse import DEVICE
from woz.errors import WozError
from woz.settings import AUDIO_RATE

Samples = NDArray[np.float32]
Pcm = NDArray[np.int16]
Tell = Callable[[str, int], None]

BLOCK = AUDIO_RATE // 100
FULL_SCALE = 32768
LATENCY_S = 0.4
"""With two seconds a null sink works in other steps, whose rounding makes it drift by some 60 ppm."""
REMEMBERED_BLOCKS = 100
"""The device's times are smoothed by the median of its last blocks."""
JUMP_NS = 25_000_000
"""An offset that has moved this much says that the device stood still: the track is caught up with. PulseAudio's
estimates alone wander by some 15 ms on a busy machine."""
DRY_JUMP_NS, DRY_NS = 2_000_000, 10_000_000_000
"""For so long after the device's buffer ran dry, so small a jump is one: PulseAudio tells of it bit by bit."""
PATIENCE_S = 10.0


class Playback:
    """Gives silence until the track's time has come, then the track, sample after sample.

    The sample that leaves the device at `start_ns` of the monotonic clock is the track's first one.
    """

    def __init__(self, samples: Pcm, start_ns: int) -> None:
        self.start_ns = start_ns
        self.end_ns = start_ns + len(samples) * 1_000_000_000 // AUDIO_RATE
        self._samples = samples
        self._offsets: deque[int] = deque(maxlen=REMEMBERED_BLOCKS)
        self._offset_ns: int | None = None
        self._dry_until_ns = 0
        self.began = threading.Event()
        self.ended = threading.Event()

    def pull(self, n: int, device_ns: int, dac_ns: int, dry: bool = False) -> Samples:
        """`dry`: the device's buffer ran out before this block."""
        if dry:
            self._dry_until_ns = device_ns + DRY_NS
            self._offsets.clear()
        first = self._position(device_ns, dac_ns)
        out = np.zeros(n, np.float32)
        begin, end = max(0, first), min(len(self._samples), first + n)
        if begin < end:
            out[begin - first : end - first] = self._samples[begin:end] / np.float32(FULL_SCALE)
            self.began.set()
        if first > len(self._samples) + AUDIO_RATE * LATENCY_S * 2:
            self.ended.set()
        return out

    def _position(self, device_ns: int, dac_ns: int) -> int:
        """Which sample of the track is due at the head of a block; below 0 before its time."""
        self._offsets.append(dac_ns - device_ns)
        offset_ns = int(statistics.median(self._offsets))
        jump_ns = DRY_JUMP_NS if device_ns < self._dry_until_ns else JUMP_NS
        if self._offset_ns is None or not self.began.is_set() or abs(offset_ns - self._offset_ns) > jump_ns:
            self._offset_ns = offset_ns
        return round((device_ns + self._offset_ns - self.start_ns) * AUDIO_RATE / 1e9)


def play(playback: Playback, device: str, clock: Clock, tell: Tell) -> None:
    """Blocks until the track is over; `tell` learns of its beginning and end, with their UTC in nanoseconds.

    The device's buffer is long: nobody waits for an actor, and a busy machine must not make one stammer. Raises
    WozError where the device can't be opened, or stands still.
    """
    sounddevice = portaudio()
    samples = 0
    times = ConverterTimes()

    def callback(out: Any, frames: int, time: Any, status: Any) -> None:
        nonlocal samples
        dac_ns = times.ours_ns(clock.now_ns(), time.currentTime, time.outputBufferDacTime)
        device_ns = samples * 1_000_000_000 // AUDIO_RATE
        out[:, 0] = playback.pull(frames, device_ns, dac_ns, dry=status.output_underflow)
        samples += frames

    form = {"samplerate": AUDIO_RATE, "blocksize": BLOCK, "channels": 1, "dtype": "float32"}
    try:
        with sounddevice.OutputStream(device=device, latency=LATENCY_S, callback=callback, **form):
            _await_end(playback, device, clock, tell)
    except (sounddevice.PortAudioError, ValueError) as error:
        raise WozError(f"The sound device {device!r} can't be opened ({error}); choose another one.") from error


def read_wav(path: Path) -> Pcm:
    """Mono samples of a 16-bit WAV at 48 kHz, left on the disk until they are used.

    Raises WozError for any other file.
    """
    try:
        with path.open("rb") as raw, wave.open(raw) as file:
            if (file.getframerate(), file.getnchannels(), file.getsampwidth()) != (AUDIO_RATE, 1, 2):
                raise WozError(f"{path} must hold 16-bit mono sound at {AUDIO_RATE} Hz.")
            return np.memmap(raw, "<i2", "r", raw.tell(), (file.getnframes(),))
    except (OSError, wave.Error, EOFError, ValueError) as error:
        raise WozError(f"The sound file {path} can't be read ({error}).") from error


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m woz.demo.actor", description="Plays a track at a given time.")
    parser.add_argument("wav", type=Path, help="mono, 16 bit, 48 kHz")
    parser.add_argument("start_utc_ns", type=int, help="when its first sample sounds")
    parser.add_argument("--speaker", default=DEVICE, help="name or number of the sound device")
    parser.add_argument("--json", action="store_true", help="print when the track begins and ends")
    given = parser.parse_args()
    clock = SystemClock()
    start_ns = given.start_utc_ns - clock.utc_ns() + clock.now_ns()
    try:
        playback = Playback(read_wav(given.wav), start_ns)
        play(playback, given.speaker, clock, _say if given.json else _keep_quiet)
    except WozError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _await_end(playback: Playback, device: str, clock: Clock, tell: Tell) -> None:
    to_utc_ns = clock.utc_ns() - clock.now_ns()
    _await(playback.began, playback.start_ns, device, clock)
    tell("began", playback.start_ns + to_utc_ns)
    _await(playback.ended, playback.end_ns, device, clock)
    tell("ended", playback.end_ns + to_utc_ns)


def _await(event: threading.Event, due_ns: int, device: str, clock: Clock) -> None:
    if not event.wait(max(0, due_ns - clock.now_ns()) / 1e9 + PATIENCE_S):
        raise WozError(f"The sound device {device!r} stands still; choose another one.")


def _say(what: str, utc_ns: int) -> None:
    sys.stdout.write(json.dumps({"event": what, "utc_ns": utc_ns}) + "\n")
    sys.stdout.flush()


def _keep_quiet(what: str, utc_ns: int) -> None:
    pass


if __name__ == "__main__":
    sys.exit(main())
