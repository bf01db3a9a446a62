"""A source that draws its view: a table-top task with frame numbers and sync marks, for demos and tests."""

from __future__ import annotations

import threading

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from woz.capture.frame_code import draw_number
from woz.capture.source import Sink, SourceInfo, VideoFrame
from woz.capture.tabletop import TableTop
from woz.clock import Clock, sleep_until
from woz.marks import PATCH_PART, PERIOD_NS

_PATCH_DARK, _PATCH_WHITE = 40, 235


class SyntheticSource:
    """Frames fall on whole multiples of 1/fps seconds of UTC; device times are the station's monotonic clock.

    `size` is the side of the square picture in pixels (even), `task_s` how long the drawn task takes; then it
    begins again. `grain` is a camera's noise on it, the standard deviation of its luma (of 255), which makes it as
    hard to encode as a real view.
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
        return SourceInfo("synthetic table-top", self._size, self._size, self._fps, own_clock=False)

    def start(self, sink: Sink) -> None:
        self._ended.clear()
        self._thread = threading.Thread(target=self._run, args=(sink,), name="synthetic source")
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        if self._thread and self._thread is not threading.current_thread():
            self._thread.join()

    def _run(self, sink: Sink) -> None:
        scene, grain = TableTop(self._size), Grain(self._size, self._grain)
        to_utc = self._clock.utc_ns() - self._clock.now_ns()
        first = -(-self._clock.utc_ns() * self._fps // PERIOD_NS)
        began_utc_ns = first * PERIOD_NS // self._fps
        index, place = 0, 0
        while not self._ended.is_set():
            utc_ns = (first + place) * PERIOD_NS // self._fps
            progress = (utc_ns - began_utc_ns) % self._task_ns / self._task_ns
            image = picture(scene, index, progress, is_mark(utc_ns), grain)
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


class Grain:
    """Noise of a normal distribution on a picture's luma: one field of it, cut out anew for each picture."""

    def __init__(self, size: int, deviation: float) -> None:
        """`deviation` in steps of luma; none where it is 0."""
        rng = np.random.default_rng(2)
        self._size = size
        self._field = (
            np.round(rng.normal(0, deviation, (2 * size, 2 * size))).astype(np.int16) if deviation else None
        )
        self._places = rng.integers(0, size, (997, 2)).tolist()

    def put_on(self, luma: NDArray[np.uint8], index: int) -> None:
        """Onto the luma of picture `index`, shape (size, size), in place."""
        if self._field is not None:
            top, left = self._places[index % len(self._places)]
            noise = self._field[top : top + self._size, left : left + self._size]
            cv2.add(luma, noise, dst=luma, dtype=cv2.CV_8U)


def picture(scene: TableTop, index: int, progress: float, mark: bool, grain: Grain | None = None) -> av.VideoFrame:
    """One frame, yuv420p, with its number and its patch."""
    size = scene.size
    yuv: NDArray[np.uint8] = cv2.cvtColor(scene.draw(progress), cv2.COLOR_RGB2YUV_I420)
    luma = yuv[:size]
    if grain:
        grain.put_on(luma, index)
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
