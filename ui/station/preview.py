"""The trainee's view for the operator: the gaze over it where wanted, and what the expert draws."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPainter, QPaintEvent

from ui.widgets.gaze_ring import paint_gaze
from ui.widgets.strokes import Point, Strokes
from ui.widgets.video_view import VideoView

REPAINT_MS = 50


class Preview(VideoView):
    def __init__(self, empty_text: str) -> None:
        super().__init__(empty_text)
        self._gaze: Point | None = None
        self._strokes = Strokes()
        self._fading = QTimer(self)
        self._fading.setInterval(REPAINT_MS)
        self._fading.timeout.connect(self._fade)

    def show_gaze(self, gaze: Point | None) -> None:
        self._gaze = gaze
        self.update()

    def show_stroke(self, points: Sequence[Sequence[float]]) -> None:
        """Show a line that the expert has drawn, until it fades; points are parts of the picture, 0 to 1."""
        now_ns = time.monotonic_ns()
        stroke = self._strokes.begin((points[0][0], points[0][1]), now_ns)
        stroke.points = [(x, y) for x, y in points]
        stroke.ended_ns = now_ns
        self._fading.start()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._image is None:
            return
        painter, place = QPainter(self), self._place(self._image)
        if self._gaze:
            paint_gaze(painter, place, self._gaze)
        self._strokes.paint(painter, place, time.monotonic_ns())
        painter.end()

    def _fade(self) -> None:
        self._strokes.forget_faded(time.monotonic_ns())
        if not self._strokes:
            self._fading.stop()
        self.update()
