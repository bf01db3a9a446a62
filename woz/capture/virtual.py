"""A room without sound cards: an in-process microphone and earpiece for machines that have none."""

from __future__ import annotations

import threading
import wave
from collections import deque
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from woz.base.clock import Clock, sleep_until
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.base.settings import AUDIO_RATE
from woz.base.supervision import Supervisor
from woz.capture.sound import OnBlock, OnFault, OnLoss, PlayRequest, Pull, unheard
from woz.capture.source import AudioBlock

Samples = NDArray[np.float32]

BLOCK = AUDIO_RATE // 100
BLOCK_NS = 10_000_000
DAC_AHEAD_NS = 30_000_000
"""How long before it sounds a block is asked for, as with a real card."""
LEAK_DB = -26.0
PLAYS_WITHIN_S = 2.0
"""A microphone waits no longer than this for what the earpiece plays at its time: a busy machine may be late."""


class VirtualRoom:
    """What is said in front of the microphone, and what the earpiece plays, which leaks into it.

    The script is said over and over from when the microphone opens, or once at the time of a cue.
    """

    def __init__(self, clock: Clock, script: Path | None = None, leak_db: float = LEAK_DB) -> None:
        self._clock = clock
        self._script = _read_wav(script) if script else np.zeros(0, np.float32)
        self._start_ns: int | None = None
        self._cued = False
        self._leak = 10 ** (leak_db / 20)
        self._played: deque[tuple[int, Samples]] = deque(maxlen=200)
        self._changed = threading.Condition()
        self._reach_ns: int | None = None

    def cue(self, utc_ns: int) -> None:
        """Begin the script at a wall-clock time: its first sample sounds then."""
        self._start_ns = utc_ns - self._clock.utc_ns() + self._clock.now_ns()
        self._cued = True

    def begin(self) -> None:
        """Say the script from now on, over and over, unless it was cued: nobody may be there who cues it."""
        if not self._cued:
            self._start_ns = self._clock.now_ns()

    def play(self, at_ns: int, samples: Samples) -> None:
        """The earpiece plays these samples at a monotonic time."""
        with self._changed:
            self._played.append((at_ns, samples))
            self._reach_ns = at_ns + len(samples) * NS_PER_S // AUDIO_RATE
            self._changed.notify_all()

    def silent(self) -> None:
        """The earpiece plays no more."""
        with self._changed:
            self._reach_ns = None
            self._changed.notify_all()

    def hear(self, at_ns: int, n: int) -> Samples:
        """The n samples at the microphone from a monotonic time on."""
        out = np.zeros(n, np.float32)
        end_ns = at_ns + n * NS_PER_S // AUDIO_RATE
        for start_ns in self._starts(at_ns, end_ns):
            _add_into(out, at_ns, start_ns, self._script)
        with self._changed:
            self._changed.wait_for(lambda: self._reach_ns is None or self._reach_ns >= end_ns, PLAYS_WITHIN_S)
            played = tuple(self._played)
        for start_ns, samples in played:
            if abs(start_ns - at_ns) < (n + len(samples)) * NS_PER_S // AUDIO_RATE:
                _add_into(out, at_ns, start_ns, samples * np.float32(self._leak))
        return out

    def _starts(self, at_ns: int, end_ns: int) -> Iterable[int]:
        """When the script began and begins again within a time."""
        if self._start_ns is None or not len(self._script):
            return ()
        if self._cued:
            return (self._start_ns,)
        length_ns = len(self._script) * NS_PER_S // AUDIO_RATE
        return range(at_ns - (at_ns - self._start_ns) % length_ns, end_ns, length_ns)


class VirtualMicrophone:
    name = "virtual microphone"

    def __init__(self, room: VirtualRoom, clock: Clock) -> None:
        self._room = room
        self._pace = _Pace(clock, "virtual microphone")

    def start(self, on_block: OnBlock, on_fault: OnFault, on_loss: OnLoss = unheard) -> None:
        def tick(i: int, due_ns: int) -> None:
            start_ns = due_ns - BLOCK_NS
            on_block(AudioBlock(i * BLOCK_NS, start_ns, self._room.hear(start_ns, BLOCK), AUDIO_RATE))

        self._room.begin()
        self._pace.start(tick)

    def stop(self) -> None:
        self._pace.stop()


class VirtualSpeaker:
    name = "virtual earpiece"

    def __init__(self, room: VirtualRoom, clock: Clock) -> None:
        self._room = room
        self._pace = _Pace(clock, "virtual earpiece")

    def start(self, pull: Pull, on_loss: OnLoss = unheard) -> None:
        def tick(i: int, due_ns: int) -> None:
            dac_ns = due_ns + DAC_AHEAD_NS
            self._room.play(dac_ns, pull(PlayRequest(BLOCK, i * BLOCK_NS, dac_ns)))

        self._pace.start(tick)

    def stop(self) -> None:
        self._pace.stop()
        self._room.silent()


class _Pace:
    """Calls back every 10 ms from a thread of its own, never skipping a turn."""

    def __init__(self, clock: Clock, name: str) -> None:
        self._clock = clock
        self._name = name
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, tick: object) -> None:
        assert callable(tick)
        watch, begin_ns = Supervisor(), self._clock.now_ns()

        def run() -> None:
            i = 0
            while not self._ended.is_set():
                due_ns = begin_ns + (i + 1) * BLOCK_NS
                sleep_until(self._clock, due_ns, self._ended.wait)
                if not self._ended.is_set():
                    with watch.turn(self._name):
                        tick(i, due_ns)
                i += 1

        self._thread = watch.thread(self._name, run)
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        if self._thread:
            self._thread.join()


def _add_into(out: Samples, out_ns: int, start_ns: int, samples: Samples) -> None:
    shift = round((start_ns - out_ns) * AUDIO_RATE / 1e9)
    first, last = max(0, shift), min(len(out), shift + len(samples))
    if first < last:
        out[first:last] += samples[first - shift : last - shift]


def _read_wav(path: Path) -> Samples:
    try:
        with wave.open(str(path)) as file:
            if (file.getframerate(), file.getnchannels(), file.getsampwidth()) != (AUDIO_RATE, 1, 2):
                raise WozError(f"{path} must hold 16-bit mono sound at {AUDIO_RATE} Hz.")
            pcm = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    except (OSError, wave.Error, EOFError) as error:
        raise WozError(f"The sound file {path} can't be read ({error}).") from error
    return (pcm / 32768).astype(np.float32)
