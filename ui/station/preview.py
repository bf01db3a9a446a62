"""The trainee's view for the operator, with the gaze over it where wanted."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPaintEvent, QPen

from ui.theme import colours
from ui.widgets.video_view import VideoView
from woz.capture.source import GazeSample

FOCAL = 0.43
"""Of the glasses' view camera, as a part of the picture's width: 611 of 1408 pixels with both generations."""
RADIUS = 22.0


class Preview(VideoView):
    """The ring is about where the wearer looks: the camera's own direction against the eyes' is not corrected."""

    def __init__(self, empty_text: str) -> None:
        super().__init__(empty_text)
        self._gaze: GazeSample | None = None

    def show_gaze(self, gaze: GazeSample | None) -> None:
        self._gaze = gaze
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._gaze is None or self._image is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for width, name in ((6.0, "view"), (3.0, "warning")):
            painter.setPen(QPen(colours().of(name), width))
            painter.drawEllipse(self._point(self._gaze), RADIUS, RADIUS)
        painter.end()

    def _point(self, gaze: GazeSample) -> QPointF:
        place = self._place(self._image) if self._image else self.rect().toRectF()
        reach = FOCAL * place.width()
        return place.center() + QPointF(-math.tan(gaze.yaw_rad) * reach, -math.tan(gaze.pitch_rad) * reach)
