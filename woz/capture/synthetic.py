"""A source that draws its view: a table-top task with frame numbers and sync marks, for demos and tests."""

from __future__ import annotations

import threading

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from woz.base.clock import Clock, sleep_until
from woz.base.supervision import Supervisor
from woz.capture.frame_code import draw_number
from woz.capture.source import Sink, SourceInfo, VideoFrame, Way
from woz.capture.tabletop import TableTop
from woz.timing.sync_marks import PATCH_PART, PERIOD_NS

_PATCH_DARK, _PATCH_WHITE = 40, 235
_DRAWN, _DRAWN_BYTES = 40, 200_000_000
_BEGIN, _PACE = 0.2, 1 / 600


class SyntheticSource:
    """Frames fall on whole multiples of 1/fps seconds of UTC; device times are the station's monotonic clock.

    `size` is the side of the square picture in pixels (even), `task_s` how long the drawn task takes; then it
    begins again. With a camera's noise on it, `grain`, it is as hard to encode as a real view; it is drawn
    beforehand then.
    """

    def __init__(
        self, clock: Clock, fps: int = 20, size: int = 1408, task_s: float = 60.0, grain: float = 0.0
    ) -> None:
        self._clock = clock
        self._fps = fps
        self._task_ns = round(task_s * 1e9)
        self._size = size
        self._grain = grain
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def info(self) -> SourceInfo:
        return SourceInfo("synthetic table-top", self._size, self._size, self._fps, own_clock=False, way=Way.DRAWN)

    def start(self, sink: Sink) -> None:
        self._ended.clear()
        self._thread = Supervisor().thread("synthetic source", lambda: self._run(sink), sink.ended)
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        if self._thread and self._thread is not threading.current_thread():
            self._thread.join()

    def _run(self, sink: Sink) -> None:
        footage = Footage(self._size, self._grain) if self._grain else None
        scene = TableTop(self._size)
        to_utc = self._clock.utc_ns() - self._clock.now_ns()
        first = -(-self._clock.utc_ns() * self._fps // PERIOD_NS)
        began_utc_ns = first * PERIOD_NS // self._fps
        index, place = 0, 0
        while not self._ended.is_set():
            utc_ns = (first + place) * PERIOD_NS // self._fps
            progress = (utc_ns - began_utc_ns) % self._task_ns / self._task_ns
            mark = is_mark(utc_ns)
            image = footage.frame(index, mark) if footage else picture(scene, index, progress, mark)
            due_ns = utc_ns - to_utc
            sleep_until(self._clock, due_ns, self._ended.wait)
            if not self._ended.is_set():
                sink.video(VideoFrame(index, due_ns, self._clock.now_ns(), image))
            index += 1
            place = max(place + 1, (self._clock.now_ns() + to_utc) * self._fps // PERIOD_NS - first)
        sink.ended(None)


def is_mark(utc_ns: int) -> bool:
    """The frame at this wall-clock time carries the white patch."""
    return utc_ns % PERIOD_NS == 0


class Footage:
    """Some pictures of the task drawn beforehand with a camera's noise on them, which then come to and fro.

    It costs a machine little more than a camera does.
    """

    def __init__(self, size: int, deviation: float) -> None:
        """`deviation`: that of the noise, in steps of luma."""
        scene, rng = TableTop(size), np.random.default_rng(2)
        count = min(_DRAWN, _DRAWN_BYTES // (size * size * 3 // 2))
        self._drawn = [_yuv(scene, _BEGIN + i * _PACE) for i in range(count)]
        for yuv in self._drawn:
            noise = np.round(rng.normal(0, deviation, (size, size))).astype(np.int16)
            cv2.add(yuv[:size], noise, dst=yuv[:size], dtype=cv2.CV_8U)

    def frame(self, index: int, mark: bool) -> av.VideoFrame:
        way = 2 * len(self._drawn) - 2
        place = index % way
        return _signed(self._drawn[min(place, way - place)].copy(), index, mark)


def picture(scene: TableTop, index: int, progress: float, mark: bool) -> av.VideoFrame:
    """One frame, yuv420p, with its number and its patch."""
    return _signed(_yuv(scene, progress), index, mark)


def _yuv(scene: TableTop, progress: float) -> NDArray[np.uint8]:
    """Shape (size * 3 / 2, size)."""
    yuv: NDArray[np.uint8] = cv2.cvtColor(scene.draw(progress), cv2.COLOR_RGB2YUV_I420)
    return yuv


def _signed(yuv: NDArray[np.uint8], index: int, mark: bool) -> av.VideoFrame:
    size = yuv.shape[1]
    luma = yuv[:size]
    side = size // PATCH_PART
    luma[:side, :side] = _PATCH_WHITE if mark else _PATCH_DARK
    _grey_corner(yuv[size:], size, side)
    draw_number(luma, index)
    return av.VideoFrame.from_ndarray(yuv, format="yuv420p")


def _grey_corner(chroma: NDArray[np.uint8], size: int, side: int) -> None:
    half = size // 2
    for plane in chroma.reshape(2, half, half):
        plane[: side // 2, : side // 2] = 128
        plane[half - half // 48 :] = 128
