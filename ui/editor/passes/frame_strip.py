"""The frames around a time side by side, the one at it in the middle: read beside the window."""

from __future__ import annotations

import av
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui.theme import colours
from ui.widgets.ending import Ending
from ui.widgets.frame_queue import FrameQueue, Open
from ui.widgets.video_view import picture_image

EACH_SIDE = 4
HEIGHT = 68
GAP = 3


class FrameStrip(QWidget):
    """Hidden while it shows nothing."""

    def __init__(self, open_frames: Open) -> None:
        super().__init__()
        self._reading = FrameQueue(open_frames, lambda _, frame: picture_image(frame, _small(frame)), self)
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

    def close_reading(self, ending: Ending | None = None) -> None:
        self._reading.close(ending)

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


def _small(frame: av.VideoFrame) -> tuple[int, int]:
    """Twice the strip's height, for screens of twice as many pixels."""
    scale = min(1.0, 2 * HEIGHT / frame.height)
    return max(2, int(frame.width * scale) // 2 * 2), max(2, int(frame.height * scale) // 2 * 2)
