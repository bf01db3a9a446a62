"""A webcam as a source of the view."""

from __future__ import annotations

import threading

import av
import cv2
import numpy as np

from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.base.supervision import Supervisor
from woz.capture.source import Sink, SourceInfo, VideoFrame, Way


class CameraSource:
    """A camera by its number; its frames are stamped on arrival."""

    def __init__(self, number: int, clock: Clock) -> None:
        """Raises WozError where there is no such camera, or it gives no picture."""
        self._number = number
        self._clock = clock
        self._camera = cv2.VideoCapture(number)
        got, picture = self._camera.read() if self._camera.isOpened() else (False, None)
        if not got or picture is None:
            self._camera.release()
            raise WozError(f"No camera number {number} gives a picture; plug it in, or close what else uses it.")
        height, width = picture.shape[0] // 2 * 2, picture.shape[1] // 2 * 2
        fps = self._camera.get(cv2.CAP_PROP_FPS) or 30.0
        self._info = SourceInfo(f"camera {number}", width, height, fps, own_clock=False, way=Way.CAMERA)
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def info(self) -> SourceInfo:
        return self._info

    def start(self, sink: Sink) -> None:
        self._ended.clear()
        self._thread = Supervisor().thread(self._info.name, lambda: self._run(sink), sink.ended, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        if self._thread and self._thread is not threading.current_thread():
            self._thread.join()
        self._camera.release()

    def _run(self, sink: Sink) -> None:
        index = 0
        while not self._ended.is_set():
            got, picture = self._camera.read()
            now_ns = self._clock.now_ns()
            if not got:
                sink.ended(WozError(f"Camera {self._number} gives no more pictures; check its cable."))
                return
            cut = np.ascontiguousarray(picture[: self._info.height, : self._info.width])
            yuv = cv2.cvtColor(cut, cv2.COLOR_BGR2YUV_I420)
            image = av.VideoFrame.from_ndarray(np.asarray(yuv, np.uint8), format="yuv420p")
            sink.video(VideoFrame(index, now_ns, now_ns, image))
            index += 1
        sink.ended(None)
