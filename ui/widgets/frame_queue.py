"""Pictures made of many frames of a film, one after the other, beside the window."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import av
from PySide6.QtCore import QObject, Signal

from ui.application.holding import start_with
from ui.widgets.ending import Ending
from woz.base.errors import WozError
from woz.base.supervision import Supervisor
from woz.playback.frames import Frames

Open = Callable[[], Frames]
"""A reader of its own, so that nobody waits for another's decoding."""
Make = Callable[[int, av.VideoFrame], object]


class FrameQueue(QObject):
    """`came` gives a frame's number and what was made of it, on the window's thread."""

    came = Signal(int, object)

    def __init__(self, open_frames: Open, make: Make, parent: QObject | None = None) -> None:
        """`make` is called in the queue's own thread."""
        super().__init__(parent)
        self._open, self._make = open_frames, make
        self._changed = threading.Condition()
        self._wanted: tuple[int, ...] = ()
        self._closed = False
        self._supervisor = Supervisor()
        self._thread = self._supervisor.thread("queue of frames", self._run, daemon=True)

    def ask(self, numbers: Sequence[int]) -> None:
        """In place of what was asked for before."""
        with self._changed:
            self._wanted = tuple(numbers)
            self._changed.notify()
        if numbers and not self._thread.ident:
            start_with(self._thread, self)

    def close(self, ending: Ending | None = None) -> None:
        with self._changed:
            self._closed, self._wanted = True, ()
            self._changed.notify()
        (ending or Ending()).of(self._thread, "frames of the video")

    def _run(self) -> None:
        try:
            frames = self._open()
        except WozError:
            return
        while (number := self._next()) is not None:
            with self._supervisor.turn("queue of frames"):
                frame = frames.read(number, lambda: not self._closed)
                if frame is not None:
                    self.came.emit(number, self._make(number, frame))
        frames.close()

    def _next(self) -> int | None:
        with self._changed:
            self._changed.wait_for(lambda: self._closed or bool(self._wanted))
            if self._closed:
                return None
            number, self._wanted = self._wanted[0], self._wanted[1:]
            return number
