"""The frames around a time side by side, the one at it in the middle: read beside the window."""

from __future__ import annotations

import threading
from collections.abc import Callable

import av
from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui.theme import colours
from ui.widgets.video_view import picture_image
from woz.base.errors import WozError
from woz.base.supervision import Supervisor
from woz.playback.frames import Frames

EACH_SIDE = 4
HEIGHT = 68
GAP = 3
Open = Callable[[], Frames]
"""A reader of its own, so that nobody waits for another's decoding."""


class FrameStrip(QWidget):
    """Hidden while it shows nothing."""

    def __init__(self, open_frames: Open) -> None:
        super().__init__()
        self._reading = _Reading(open_frames, self)
        self._reading.came.connect(self._came)
        self._middle = 0
        self._images: dict[int, QImage] = {}
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName("The frames around the edge")
        self.hide()

    @property
    def numbers(self) -> tuple[int, ...]:
        """Of the frames that are shown, those that are there."""
        return tuple(sorted(self._images))

    def show_around(self, number: int | None) -> None:
        """The frames before and after a frame; None takes the strip away."""
        self.setVisible(number is not None)
        if number is None:
            self._reading.ask(())
            return
        self._middle = number
        wanted = range(number - EACH_SIDE, number + EACH_SIDE + 1)
        self._images = {each: image for each, image in self._images.items() if each in wanted}
        missing = [each for each in wanted if each >= 0 and each not in self._images]
        self._reading.ask(sorted(missing, key=lambda each: abs(each - number)))
        self.update()

    def close_reading(self) -> None:
        self._reading.close()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        width = (self.width() + GAP) / (2 * EACH_SIDE + 1)
        for i in range(2 * EACH_SIDE + 1):
            number = self._middle - EACH_SIDE + i
            box = QRectF(i * width, 0, width - GAP, self.height())
            painter.fillRect(box, colours().of("view"))
            image = self._images.get(number)
            if image:
                scale = min(box.width() / image.width(), box.height() / image.height())
                size = image.width() * scale, image.height() * scale
                place = QRectF(box.center().x() - size[0] / 2, box.center().y() - size[1] / 2, *size)
                painter.drawImage(place, image)
            if i == EACH_SIDE:
                painter.setPen(QPen(colours().of("accent"), 3))
                painter.drawRect(box.adjusted(1, 1, -1, -1))
            painter.setPen(Qt.GlobalColor.white)
            if number >= 0:
                painter.drawText(box.adjusted(6, 0, 0, -4), Qt.AlignmentFlag.AlignBottom, str(number))
        painter.end()

    def _came(self, number: int, image: QImage) -> None:
        if abs(number - self._middle) <= EACH_SIDE:
            self._images[number] = image
            self.update()


class _Reading(QObject):
    """`came` gives a frame's number and its picture, on the window's thread."""

    came = Signal(int, QImage)

    def __init__(self, open_frames: Open, parent: QObject) -> None:
        super().__init__(parent)
        self._open = open_frames
        self._changed = threading.Condition()
        self._wanted: tuple[int, ...] = ()
        self._closed = False
        self._supervisor = Supervisor()
        self._thread = self._supervisor.thread("strip of frames", self._run, daemon=True)

    def ask(self, numbers: tuple[int, ...] | list[int]) -> None:
        """In place of what was asked for before."""
        with self._changed:
            self._wanted = tuple(numbers)
            self._changed.notify()
        if numbers and not self._thread.ident:
            self._thread.start()

    def close(self) -> None:
        with self._changed:
            self._closed, self._wanted = True, ()
            self._changed.notify()
        if self._thread.ident:
            self._thread.join()

    def _run(self) -> None:
        try:
            frames = self._open()
        except WozError:
            return
        while (number := self._next()) is not None:
            with self._supervisor.turn("strip of frames"):
                frame = frames.read(number)
                if frame is not None:
                    self.came.emit(number, picture_image(frame, _small(frame)))
        frames.close()

    def _next(self) -> int | None:
        with self._changed:
            self._changed.wait_for(lambda: self._closed or bool(self._wanted))
            if self._closed:
                return None
            number, self._wanted = self._wanted[0], self._wanted[1:]
            return number


def _small(frame: av.VideoFrame) -> tuple[int, int]:
    """Twice the strip's height, for screens of twice as many pixels."""
    scale = min(1.0, 2 * HEIGHT / frame.height)
    return max(2, int(frame.width * scale) // 2 * 2), max(2, int(frame.height * scale) // 2 * 2)
