"""A camera that fails, and one that hangs: opened again with back-off, told, its frames counted on."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable

import pytest

from tests.core.recording_room import INFO, picture
from woz.base.clock import ManualClock
from woz.base.errors import WozError
from woz.capture.restarting import RestartingSource
from woz.capture.source import DeviceStatus, Sink, SourceInfo, VideoFrame

PICTURE_NS = 10_000_000


class Camera:
    """Gives ten pictures; then it fails, hangs (while it is stopped too), ends, or goes on.

    Time passes by its pictures alone, given or not, so that no busy machine makes it hang.
    """

    info: SourceInfo = INFO

    def __init__(self, then: str, clock: ManualClock) -> None:
        self._then = then
        self._clock = clock
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def start(self, sink: Sink) -> None:
        self._sink = sink
        self._thread.start()

    def stop(self) -> None:
        if self._then == "hang":
            time.sleep(0.2)
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        n = 0
        while not self._ended.wait(PICTURE_NS / 1e9):
            self._clock.advance(PICTURE_NS)
            now_ns = self._clock.now_ns()
            if n < 10 or self._then == "go on":
                self._sink.video(VideoFrame(n, now_ns, now_ns, picture(False)))
            elif self._then in ("fail", "end"):
                self._sink.ended(WozError("The camera is gone.") if self._then == "fail" else None)
                return
            n += 1


class Taken:
    def __init__(self) -> None:
        self.frames: list[VideoFrame] = []
        self.problems: list[str] = []
        self.over = threading.Event()

    def video(self, frame: VideoFrame) -> None:
        self.frames.append(frame)

    def audio(self, block: object) -> None: ...

    def gaze(self, sample: object) -> None: ...

    def status(self, status: DeviceStatus) -> None:
        self.problems.append(status.problem)

    def ended(self, fault: WozError | None) -> None:
        self.over.set()


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 120
    while not true():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("then", "words"), [("fail", "The camera is gone."), ("hang", "No picture comes from camera")]
)
def test_it_is_opened_again_and_the_operator_told(then: str, words: str) -> None:
    made, clock = list[str](), ManualClock()

    def make() -> Camera:
        made.append(then if not made else "go on")
        return Camera(made[-1], clock)

    taken = Taken()
    source = RestartingSource("camera 0", make, clock, silent_ns=50 * PICTURE_NS)
    source.start(taken)
    until(lambda: len(taken.frames) > 30)
    source.stop()
    assert taken.over.is_set()
    assert [frame.index for frame in taken.frames] == list(range(len(taken.frames)))
    assert words in taken.problems[0]
    assert "tried again in 1 s, and the recording goes on" in taken.problems[0]
    assert taken.problems[1:] == [""]


def test_delays_grow_while_it_is_away_and_its_end_is_the_end() -> None:
    asked, clock = 0, ManualClock()

    def make() -> Camera:
        nonlocal asked
        asked += 1
        if asked == 2:
            raise WozError("No camera number 0.")
        return Camera("fail" if asked == 1 else "end", clock)

    taken = Taken()
    source = RestartingSource("camera 0", make, clock)
    source.start(taken)
    assert taken.over.wait(120)
    source.stop()
    waits = [re.findall(r"again in (\d+) s", problem) for problem in taken.problems if problem]
    assert waits == [["1"], ["2"]]
    assert len(taken.frames) == 20


def test_one_that_is_not_there_at_first_is_told_at_once() -> None:
    def make() -> Camera:
        raise WozError("No camera number 0.")

    with pytest.raises(WozError, match="No camera"):
        RestartingSource("camera 0", make, ManualClock())
