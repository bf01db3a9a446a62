"""Pacing shared by the sources that replay a recording: items in the order of time, each at its time."""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count

from woz.base.clock import Clock, sleep_until
from woz.base.errors import WozError
from woz.base.supervision import Supervisor
from woz.capture.source import AudioBlock, GazeSample, Sink, VideoFrame

Item = VideoFrame | AudioBlock | GazeSample
"""Items as they come from the file: `arrival_ns` is filled in when they are due."""
Pass = Callable[[int, int], Iterator[tuple[int, Callable[[int], Item]]]]
"""Called with (offset_ns, first_index): gives (device_ns, make) by time; make(arrival_ns) is the item."""


class Replay:
    """Runs the passes over a file in a thread of its own; with `loop`, device time goes on from pass to pass."""

    def __init__(self, clock: Clock, name: str, one_pass: Pass, begin_ns: int, period_ns: int, loop: bool) -> None:
        self._clock = clock
        self._name = name
        self._one_pass = one_pass
        self._begin_ns = begin_ns
        self._period_ns = period_ns
        self._loop = loop
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, sink: Sink) -> None:
        self._ended.clear()
        self._thread = Supervisor().thread(self._name, lambda: self._run(sink), sink.ended, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        if self._thread and self._thread is not threading.current_thread():
            self._thread.join()

    def _run(self, sink: Sink) -> None:
        fault: WozError | None = None
        try:
            self._play(sink)
        except WozError as error:
            fault = error
        sink.ended(fault)

    def _play(self, sink: Sink) -> None:
        device_to_now = self._clock.now_ns() - self._begin_ns
        offset_ns = frames = 0
        while not self._ended.is_set():
            for due_ns, item in _by_end(self._one_pass(offset_ns, frames)):
                sleep_until(self._clock, due_ns + device_to_now, self._ended.wait)
                if self._ended.is_set():
                    return
                frames += self._give(sink, replace(item, arrival_ns=self._clock.now_ns()))
            offset_ns += self._period_ns
            if not self._loop:
                return

    @staticmethod
    def _give(sink: Sink, item: Item) -> int:
        if isinstance(item, VideoFrame):
            sink.video(item)
            return 1
        if isinstance(item, AudioBlock):
            sink.audio(item)
        else:
            sink.gaze(item)
        return 0


def _by_end(one_pass: Iterator[tuple[int, Callable[[int], Item]]]) -> Iterator[tuple[int, Item]]:
    """Items in the order in which a device would give them: sound when its last sample has been taken."""
    waiting: list[tuple[int, int, Item]] = []
    numbers = count()
    for device_ns, make in one_pass:
        item = make(device_ns)
        due_ns = item.end_ns if isinstance(item, AudioBlock) else device_ns
        heapq.heappush(waiting, (due_ns, next(numbers), item))
        while waiting and waiting[0][0] <= device_ns:
            due_ns, _, first = heapq.heappop(waiting)
            yield due_ns, first
    for due_ns, _, item in sorted(waiting):
        yield due_ns, item
