"""A live source that is opened again where it fails or hangs: a camera whose plug was pulled, say."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import replace

from woz.base.back_off import BackOff
from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.base.supervision import Supervisor
from woz.capture.source import AudioBlock, DeviceStatus, GazeSample, Sink, Source, SourceInfo, VideoFrame

log = logging.getLogger(__name__)

SILENT_NS = 5_000_000_000
FIRST_DELAY_S, LONGEST_DELAY_S = 1.0, 30.0
LOOK_EVERY_S = 0.2
STOP_WITHIN_S = 3.0
"""A source that hangs may hang while it is opened or stopped; then it is left behind."""


class _Tap:
    """One run of the source: passes on what it gives until it is cut off."""

    def __init__(self, sink: Sink, clock: Clock, first: int, solved: Callable[[], None]) -> None:
        self._sink = sink
        self._clock = clock
        self._solved = solved
        self._first = first
        self.frames = 0
        self.cut = False
        self.over = threading.Event()
        self.finished = False
        self.fault: WozError | None = None
        self.heard_ns = clock.now_ns()

    def video(self, frame: VideoFrame) -> None:
        self.heard_ns = self._clock.now_ns()
        if not self.cut:
            self._solved()
            self._sink.video(replace(frame, index=self._first + self.frames))
            self.frames += 1

    def audio(self, block: AudioBlock) -> None:
        if not self.cut:
            self._sink.audio(block)

    def gaze(self, sample: GazeSample) -> None:
        if not self.cut:
            self._sink.gaze(sample)

    def status(self, status: DeviceStatus) -> None:
        if not self.cut:
            self._sink.status(status)

    def ended(self, fault: WozError | None) -> None:
        self.fault, self.finished = fault, fault is None
        self.over.set()


class RestartingSource:
    """For sources whose device times are the station's clock: nothing has to be carried over but the index."""

    def __init__(self, name: str, make: Callable[[], Source], clock: Clock, silent_ns: int = SILENT_NS) -> None:
        """Raises WozError where the source can't be opened at first."""
        self._name = name
        self._make = make
        self._clock = clock
        self._silent_ns = silent_ns
        self._source: Source | None = make()
        self.info: SourceInfo = self._source.info
        self._sink: Sink | None = None
        self._problem = ""
        self._ended = threading.Event()
        self._thread = Supervisor().thread(f"watch of {name}", self._run, self._give_up, daemon=True)

    def start(self, sink: Sink) -> None:
        self._sink = sink
        self._thread.start()

    def stop(self) -> None:
        """Returns also where the source hangs."""
        self._ended.set()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(2 * STOP_WITHIN_S)
        source, self._source = self._source, None
        if source:
            source.stop()

    def _run(self) -> None:
        assert self._sink
        frames, back_off = 0, BackOff(FIRST_DELAY_S, LONGEST_DELAY_S)
        while not self._ended.is_set():
            tap = _Tap(self._sink, self._clock, frames, self._solve)
            reason = self._one_run(tap)
            frames += tap.frames
            if tap.finished or self._ended.is_set():
                break
            if tap.frames:
                back_off.reset()
            delay_s = back_off.next_s()
            self._tell(f"{reason} It is tried again in {delay_s:.0f} s, and the recording goes on.")
            self._ended.wait(delay_s)
        self._sink.ended(None)

    def _give_up(self, fault: WozError) -> None:
        if self._sink:
            self._sink.ended(fault)

    def _one_run(self, tap: _Tap) -> str:
        """Why it is over."""
        try:
            source = self._source or self._make()
            self._source = None
            source.start(tap)
        except WozError as fault:
            return str(fault)
        while not self._ended.is_set() and not tap.over.wait(LOOK_EVERY_S):
            if self._clock.now_ns() - tap.heard_ns > self._silent_ns:
                break
        tap.cut = True
        stopping = Supervisor().thread(f"stopping of {self._name}", source.stop, daemon=True)
        stopping.start()
        stopping.join(STOP_WITHIN_S)
        return str(tap.fault or f"No picture comes from {self._name}; see that it is plugged in and switched on.")

    def _solve(self) -> None:
        if self._problem:
            self._tell("")

    def _tell(self, problem: str) -> None:
        self._problem = problem
        if problem:
            log.info("%s", problem)
        if self._sink:
            self._sink.status(DeviceStatus(problem=problem))
