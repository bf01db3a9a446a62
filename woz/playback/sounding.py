"""Plays the sound of a film, and is the clock that its pictures follow."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from woz.base.clock import Clock, SystemClock
from woz.base.errors import WozError
from woz.base.interval import NS_PER_MS, NS_PER_S, Interval
from woz.base.settings import AUDIO_RATE
from woz.base.supervision import Supervisor
from woz.capture.sound import PlayRequest
from woz.playback.clock import HeardClock, Played
from woz.playback.course import Course
from woz.playback.device import Device
from woz.playback.pieces import Piece, pieces
from woz.playback.speakers import FindSpeaker, system_speaker
from woz.playback.tempo import Samples
from woz.playback.voices import NoVoices, Voices

log = logging.getLogger(__name__)

AHEAD = AUDIO_RATE // 5
"""So many samples wait for the device; a change of loudness is heard after them."""
IDLE_S = 10.0
"""The device is given back when nothing was played for so long."""
LOOK_S = 0.5
"""So often it is looked whether the device still asks."""
CLOSE_WITHIN_S = 5.0
"""A device that hangs holds up nobody for longer."""
GRAIN_NS = 60 * NS_PER_MS
GRAIN_AHEAD = AUDIO_RATE // 100
"""A grain follows when only so much of the one before waits."""
FADE = AUDIO_RATE // 500
LOUDEST = 8.0

OpenVoices = Callable[[Path], Voices]


class Sounding:
    """Safe from any thread; files are read, and the device is opened, on a thread of its own."""

    def __init__(
        self,
        path: Path,
        clock: Clock | None = None,
        find: FindSpeaker = system_speaker,
        open_voices: OpenVoices = Voices,
    ) -> None:
        self._path, self._clock, self._find, self._open = path, clock or SystemClock(), find, open_voices
        self._changed = threading.Condition()
        self._course: Course | None = None
        self._begun: Course | None = None
        """What the thread plays; None while it plays a grain."""
        self._waiting: deque[Piece | None] = deque()
        """None stands for the end of the course."""
        self._taken = 0
        self._waits = 0
        self._heard = HeardClock()
        self._from_ns = 0
        """Where the film stands until something of it is heard."""
        self._next_ns = 0
        self._grain_ns: int | None = None
        self._ends_ns: int | None = None
        self._held = self._closed = False
        self.asked_ns = 0
        """When the device asked last."""
        self._last = np.float32(0)
        self._gains: dict[int, float] = {}
        self._supervisor = Supervisor(self._fail)
        self._thread = self._supervisor.thread("sound", self._run, self._fail, daemon=True)
        self.problem = ""
        """Why nothing is heard; empty where all is well."""

    def begin(self, course: Course) -> None:
        """Play it from now on, in place of what is played."""
        with self._changed:
            self._put(course)
            self._heard.clear()
            self._from_ns = self._next_ns = course.start_ns
        self._start()

    def change(self, rate: float) -> None:
        """Go on at another rate, without a jump."""
        with self._changed:
            now = self._course
            if now:
                self._put(Course(self._next_ns, rate, now.span, now.again))

    def stop(self) -> None:
        with self._changed:
            self._put(None)

    def grain(self, t_ns: int) -> None:
        """A short piece of the sound at a time, while nothing is played; of several that wait the last."""
        with self._changed:
            self._grain_ns = t_ns
            self._changed.notify_all()
        self._start()

    def hold(self, held: bool) -> None:
        """Stand for a while, as where the pictures are late."""
        self._held = held

    def set_gain(self, track: int, gain: float) -> None:
        """How loud a voice is: 0 to `LOUDEST`, 1 as recorded."""
        self._gains[track] = min(max(0.0, gain), LOUDEST)

    @property
    def media_ns(self) -> int:
        """The time of the film that is heard now."""
        with self._changed:
            return self._heard.media_ns(self._clock.now_ns(), self._from_ns)[0]

    @property
    def ended(self) -> bool:
        """Whether all of the course was heard."""
        with self._changed:
            return self._ends_ns is not None and self._clock.now_ns() >= self._ends_ns

    def leave(self) -> None:
        """Nothing is played after it, and nobody waits until the device and the file are given back."""
        with self._changed:
            self._put(None)
            self._closed = True

    def close(self) -> None:
        """Nothing is played after it, and nothing is open any more, unless its device hangs."""
        self.leave()
        if self._thread.ident:
            self._thread.join(CLOSE_WITHIN_S)
            if self._thread.is_alive():
                log.warning("the sound of %s hangs, and is left behind", self._path)

    def _start(self) -> None:
        if not self._thread.ident:
            self._thread.start()

    def _put(self, course: Course | None) -> None:
        self._course, self._ends_ns, self._held = course, None, False
        self._grain_ns = None
        self._waiting.clear()
        self._waits = self._taken = 0
        self._changed.notify_all()

    # the device's thread

    def pull(self, asked: PlayRequest) -> Samples:
        """What the device plays next."""
        with self._changed:
            self.asked_ns = self._clock.now_ns()
            out, at = np.zeros(asked.n, np.float32), 0
            while at < asked.n and not self._held and self._waiting:
                at += self._take(out[at:], asked.dac_ns + at * NS_PER_S // AUDIO_RATE)
            if at < asked.n:
                self._heard.add(self._stood(asked, at))
                fade = out[at : at + FADE]
                fade += self._last * np.linspace(1, 0, len(fade), dtype=np.float32)
            self._last = out[-1]
            self._changed.notify_all()
        return out

    def _take(self, out: Samples, dac_ns: int) -> int:
        """From the first piece that waits; the answer is how many samples."""
        piece = self._waiting[0]
        if piece is None:
            self._waiting.popleft()
            self._ends_ns = dac_ns
            return 0
        n = min(len(out), len(piece.samples) - self._taken)
        out[:n] = piece.samples[self._taken : self._taken + n]
        media_ns = piece.media_ns + round(self._taken * piece.rate * NS_PER_S / AUDIO_RATE)
        self._heard.add(Played(dac_ns, n, media_ns, piece.rate, piece.lap))
        self._taken += n
        self._waits -= n
        self._next_ns = media_ns + round(n * piece.rate * NS_PER_S / AUDIO_RATE)
        if self._taken == len(piece.samples):
            self._waiting.popleft()
            self._taken = 0
        return n

    def _stood(self, asked: PlayRequest, at: int) -> Played:
        dac_ns = asked.dac_ns + at * NS_PER_S // AUDIO_RATE
        return Played(dac_ns, asked.n - at, self._next_ns, 0.0, -1)

    # its own thread

    def _run(self) -> None:
        voices, device = self._voices(), Device(self.pull, partial(self._find, self._clock), self._clock)
        try:
            while (course := self._next(device)) is not None:
                with self._supervisor.turn("sound"):
                    self.problem = device.open() or self.problem
                    self._sound(course, voices, device)
        finally:
            device.close()
            voices.close()

    def _voices(self) -> Voices:
        try:
            return self._open(self._path)
        except WozError as error:
            self.problem = str(error)
            return NoVoices()

    def _next(self, device: Device) -> Course | None:
        """What is to be played; None at the end."""
        while True:
            with self._changed:
                played = not self._waiting
                if self._changed.wait_for(self._wanted, IDLE_S if played else LOOK_S):
                    return self._chosen()
                waits = bool(self._waiting)
            if waits:
                self.problem = device.watch(self.asked_ns) or self.problem
            elif played:
                device.close()

    def _chosen(self) -> Course | None:
        if self._closed:
            return None
        grain, self._grain_ns = self._grain_ns, None
        self._begun = self._course
        if self._begun is None and grain is not None:
            return Course(grain, 1.0, Interval(grain, grain + GRAIN_NS))
        return self._begun

    def _wanted(self) -> bool:
        if self._course is not None:
            return self._closed or self._course is not self._begun
        return self._closed or (self._grain_ns is not None and self._waits <= GRAIN_AHEAD)

    def _sound(self, course: Course, voices: Voices, device: Device) -> None:
        """Where the voices fail the course goes on in silence, so that the pictures do."""
        try:
            self._play(course, voices, device)
        except Exception as error:
            self._supervisor.failed("sound", error)
            with self._changed:
                self._waiting.clear()
                self._waits = self._taken = 0
                rest = Course(self._next_ns, course.rate, course.span, course.again)
            self._play(rest, NoVoices(), device)

    def _play(self, course: Course, voices: Voices, device: Device) -> None:
        for piece in pieces(course, voices, self._mix):
            if not self._give(piece, device):
                return
        if self._begun is not None:
            self._give(None, device)

    def _give(self, piece: Piece | None, device: Device) -> bool:
        """Once there is room; False where something else is played now."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waits < AHEAD or self._over, LOOK_S)
                if self._over:
                    return False
                if self._waits < AHEAD:
                    self._waiting.append(piece)
                    self._waits += len(piece.samples) if piece else 0
                    return True
            self.problem = device.watch(self.asked_ns) or self.problem

    @property
    def _over(self) -> bool:
        """Whether what was begun isn't to be played any more."""
        return self._closed or self._course is not self._begun

    def _mix(self, voices: Samples) -> Samples:
        gains = np.array([self._gains.get(track, 1.0) for track in range(len(voices))], np.float32)
        mixed: Samples = np.clip(gains @ voices, -1, 1).astype(np.float32)
        return mixed

    def _fail(self, error: WozError) -> None:
        self.problem = str(error)
