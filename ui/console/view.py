"""The trainee's view at the expert's desk: it can be magnified, moved and, where the study allows it, drawn on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QWheelEvent

from ui.widgets.gaze_ring import paint_gaze
from ui.widgets.strokes import Point, Stroke, Strokes
from ui.widgets.video_view import VideoView

MAX_ZOOM = 8.0
ZOOM_STEP = 1.25
REPAINT_MS = 50
EMPTY = "Waiting for the trainee's view …\nIt appears as soon as the station sends it."


class ConsoleView(VideoView):
    """`drawn` carries a finished stroke: its points and when it began."""

    drawn = Signal(object, object)

    def __init__(self, now_ns: Callable[[], int]) -> None:
        super().__init__(EMPTY)
        self._now_ns = now_ns
        self._zoom = 1.0
        self._centre = QPointF(0.5, 0.5)
        self._strokes = Strokes()
        self._stroke: Stroke | None = None
        self._dragged: QPointF | None = None
        self._gaze: Point | None = None
        self.pointing = False
        self._fading = QTimer(self)
        self._fading.setInterval(REPAINT_MS)
        self._fading.timeout.connect(self._fade)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def zoom(self) -> float:
        """How much larger than fitting the picture is, 1 to 8."""
        return self._zoom

    @property
    def image(self) -> QImage | None:
        """The picture as it is shown, scaled for the window."""
        return self._image

    def show_gaze(self, gaze: Point | None) -> None:
        self._gaze = gaze

    def magnify(self, steps: float, around: QPointF | None = None) -> None:
        """Zoom in by steps (out where negative); the place under `around` of the widget stays where it is."""
        spot = around or QPointF(self.rect().center())
        before = self._part(spot)
        self._zoom = min(max(self._zoom * ZOOM_STEP**steps, 1.0), MAX_ZOOM)
        if before:
            after = self._part(spot) or before
            self._move(QPointF(before[0] - after[0], before[1] - after[1]))

    def fit(self) -> None:
        self._zoom, self._centre = 1.0, QPointF(0.5, 0.5)
        self.update()

    # where the picture lies

    def _target(self, width: int, height: int) -> tuple[int, int]:
        ratio = self.devicePixelRatioF() * self._zoom
        scale = min(self.width() * ratio / width, self.height() * ratio / height, 1.0)
        return max(2, int(width * scale) // 2 * 2), max(2, int(height * scale) // 2 * 2)

    def _place(self, image: QImage) -> QRectF:
        fitting = super()._place(image)
        size = QSizeF(fitting.width() * self._zoom, fitting.height() * self._zoom)
        x = self.width() / 2 - self._centre.x() * size.width()
        y = self.height() / 2 - self._centre.y() * size.height()
        return QRectF(QPointF(x, y), size)

    def _part(self, spot: QPointF) -> Point | None:
        """Where in the picture a point of the widget is, as parts of its size; it may lie beside the picture."""
        if self._image is None:
            return None
        place = self._place(self._image)
        return (spot.x() - place.x()) / place.width(), (spot.y() - place.y()) / place.height()

    def _move(self, by: QPointF) -> None:
        """Show another part: `by` is in parts of the picture. The picture's middle can't leave the widget."""
        half = 0.5 / self._zoom
        x, y = (min(max(v, half), 1 - half) for v in (self._centre.x() + by.x(), self._centre.y() + by.y()))
        self._centre = QPointF(x, y)
        self.update()

    # mouse

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.magnify(event.angleDelta().y() / 120, event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        left = event.button() == Qt.MouseButton.LeftButton
        draws = self.pointing and left and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        part = self._part(event.position())
        if draws and part and _inside(part):
            self._stroke = self._strokes.begin(part, self._now_ns())
            self._fading.start()
            self.update()
        elif not draws:
            self._dragged = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        part = self._part(event.position())
        if self._stroke and part:
            if not self._stroke.add(_bounded(part)):
                self._end_stroke()
            self.update()
        elif self._dragged and self._image:
            size = self._place(self._image).size()
            by = self._dragged - event.position()
            self._dragged = event.position()
            self._move(QPointF(by.x() / size.width(), by.y() / size.height()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged = None
        self._end_stroke()

    def _end_stroke(self) -> None:
        stroke, self._stroke = self._stroke, None
        if stroke:
            stroke.ended_ns = self._now_ns()
            self.drawn.emit(list(stroke.points), stroke.began_ns)

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._image is None or self._overlay:
            return
        painter, place = QPainter(self), self._place(self._image)
        if self._gaze:
            paint_gaze(painter, place, self._gaze)
        self._strokes.paint(painter, place, self._now_ns())
        painter.end()

    def _fade(self) -> None:
        self._strokes.forget_faded(self._now_ns())
        if not self._strokes:
            self._fading.stop()
        self.update()


def _inside(part: Point) -> bool:
    return all(0 <= v <= 1 for v in part)


def _bounded(part: Point) -> Point:
    return min(max(part[0], 0.0), 1.0), min(max(part[1], 0.0), 1.0)
