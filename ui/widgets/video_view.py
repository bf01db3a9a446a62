"""Shows pictures as large as fits, and says when each has been painted."""

from __future__ import annotations

import av
import numpy as np
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import colours
from woz.base.pictures import reshaped


class VideoView(QWidget):
    """`painted` carries the token that was given with a picture, right after the first paint that shows it."""

    painted = Signal(object)

    def __init__(self, empty_text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._empty_text = empty_text
        self._overlay = ""
        self._image: QImage | None = None
        self._token: object = None
        self.setMinimumSize(240, 180)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("The trainee's view")

    def show_picture(self, frame: av.VideoFrame, token: object = None) -> None:
        """Show a decoded picture; scaled on the way where the widget is smaller."""
        self._image = picture_image(frame, self._target(frame.width, frame.height))
        self._token = token
        self.update()

    def show_image(self, image: QImage) -> None:
        """Show a picture that is made for the screen already."""
        self._image = image
        self.update()

    @property
    def image(self) -> QImage | None:
        """What is shown, as large as it was made for the screen."""
        return self._image

    @property
    def empty_text(self) -> str:
        """What is written where no picture is."""
        return self._empty_text

    def clear(self, text: str) -> None:
        """No picture any more, but these words."""
        self._image = self._token = None
        self.set_empty_text(text)

    def set_empty_text(self, text: str) -> None:
        self._empty_text = text
        self.update()

    def set_overlay(self, text: str) -> None:
        """A sentence over the picture, as when the link is lost; nothing where it is empty."""
        if text != self._overlay:
            self._overlay = text
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colours().of("view"))
        if self._image is None:
            self._write(painter, self._empty_text)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(self._place(self._image), self._image)
            self.paint_over(painter, self._place(self._image))
        if self._overlay:
            painter.fillRect(self.rect(), QColor(0, 0, 0, 170))
            self._write(painter, self._overlay)
        painter.end()
        if self._token is not None:
            token, self._token = self._token, None
            self.painted.emit(token)

    def paint_over(self, painter: QPainter, place: QRectF) -> None:
        """For whoever paints over the picture, which fills `place`."""

    def _write(self, painter: QPainter, text: str) -> None:
        font = painter.font()
        font.setPointSizeF(font.pointSizeF() * 1.3)
        painter.setFont(font)
        painter.setPen(Qt.GlobalColor.white)
        margin = self.rect().adjusted(32, 32, -32, -32)
        painter.drawText(margin, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), text)

    def _target(self, width: int, height: int) -> tuple[int, int]:
        ratio = self.devicePixelRatioF()
        scale = min(self.width() * ratio / width, self.height() * ratio / height, 1.0)
        return max(2, int(width * scale) // 2 * 2), max(2, int(height * scale) // 2 * 2)

    def _place(self, image: QImage) -> QRectF:
        scale = min(self.width() / image.width(), self.height() / image.height())
        width, height = image.width() * scale, image.height() * scale
        return QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)


def picture_image(frame: av.VideoFrame, size: tuple[int, int]) -> QImage:
    """A decoded picture in a size (width, height); safe on any thread."""
    pixels = np.ascontiguousarray(reshaped(frame, size[0], size[1], "rgb24", "FAST_BILINEAR").to_ndarray())

    image = QImage(pixels.data, size[0], size[1], pixels.strides[0], QImage.Format.Format_RGB888)
    return image.copy()
