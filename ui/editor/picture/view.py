"""The picture as large as fits, or nearer, and moved by hand."""

from __future__ import annotations

from collections.abc import Callable

import av
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QResizeEvent, QWheelEvent

from ui.widgets.video_view import VideoView

NEAREST = 12.0
STEP = 1.25
"""Of a notch of the wheel."""

PaintOver = Callable[[QPainter, QRectF], None]


class PictureView(VideoView):
    """What is in `over` paints on the place that the whole picture has, which reaches out of the view when near.

    The wheel zooms where it points, a drag moves, a double click shows all again.
    """

    def __init__(self, empty_text: str, name: str) -> None:
        super().__init__(empty_text)
        self.setAccessibleName(name)
        self.over: list[PaintOver] = []
        self.zoom = 1.0
        self._middle = QPointF(0.5, 0.5)
        """What of the picture is in the middle, in parts of it."""
        self._frame: av.VideoFrame | None = None
        self._grabbed: QPointF | None = None

    def show_picture(self, frame: av.VideoFrame, token: object = None) -> None:
        self._frame = frame
        super().show_picture(frame, token)

    def clear(self, text: str) -> None:
        self._frame = None
        super().clear(text)

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Nearer or further; what lies under `at` (by default the middle) stays there."""
        if self._image is None:
            return
        at = QPointF(self.rect().center()) if at is None else at
        before = self._place(self._image)
        part = QPointF((at.x() - before.x()) / before.width(), (at.y() - before.y()) / before.height())
        self.zoom = min(max(1.0, self.zoom * factor), NEAREST)
        after = self._size(self._image)
        away = QPointF((self.width() / 2 - at.x()) / after.width(), (self.height() / 2 - at.y()) / after.height())
        self._look_at(part + away)

    def pan(self, right: float, down: float) -> bool:
        """By parts of what is in view; whether there was anything more of the picture there."""
        before = self._middle
        self._look_at(before + QPointF(right / self.zoom, down / self.zoom))
        return self._middle != before

    def show_all(self) -> None:
        self.zoom = 1.0
        self._look_at(QPointF(0.5, 0.5))

    def _look_at(self, middle: QPointF) -> None:
        """Never beyond the picture's edges."""
        self._middle = middle
        if self._image is not None:
            size = self._size(self._image)
            halves = (min(0.5, self.width() / size.width() / 2), min(0.5, self.height() / size.height() / 2))
            x, y = (min(max(v, h), 1 - h) for v, h in zip((middle.x(), middle.y()), halves, strict=True))
            self._middle = QPointF(x, y)
        if self._frame is not None:
            super().show_picture(self._frame)
        self.update()

    def paint_over(self, painter: QPainter, place: QRectF) -> None:
        for paint in self.over:
            paint(painter, place)

    @property
    def picture_place(self) -> QRectF:
        """Where the whole picture lies; the whole widget while there is none."""
        return self._place(self._image) if self._image is not None else QRectF(self.rect())

    def _target(self, width: int, height: int) -> tuple[int, int]:
        ratio = self.devicePixelRatioF() * self.zoom
        scale = min(self.width() * ratio / width, self.height() * ratio / height, 1.0)
        return max(2, int(width * scale) // 2 * 2), max(2, int(height * scale) // 2 * 2)

    def _size(self, image: QImage) -> QRectF:
        """How large the whole picture is."""
        scale = min(self.width() / image.width(), self.height() / image.height()) * self.zoom
        return QRectF(0, 0, image.width() * scale, image.height() * scale)

    def _place(self, image: QImage) -> QRectF:
        size = self._size(image)
        x, y = self._middle.x() * size.width(), self._middle.y() * size.height()
        return size.translated(self.width() / 2 - x, self.height() / 2 - y)

    # by hand

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._look_at(self._middle)
        super().resizeEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom_by(STEP ** (event.angleDelta().y() / 120), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton) and self.zoom > 1:
            self._grabbed = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            event.accept()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grabbed is not None and self._image is not None:
            size, moved = self._size(self._image), event.position() - self._grabbed
            self._grabbed = event.position()
            self._look_at(self._middle - QPointF(moved.x() / size.width(), moved.y() / size.height()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grabbed = None
        self.unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.show_all()
