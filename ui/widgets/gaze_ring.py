"""The ring around the point where the trainee looks."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

RADIUS = 22.0


TRAINEE = QColor(64, 224, 255)


def paint_gaze(painter: QPainter, place: QRectF, point: tuple[float, float], colour: QColor | None = None) -> None:
    """Draw it over the picture that fills `place`, light on dark; `point` is in parts of the picture, 0 to 1."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    middle = QPointF(place.x() + point[0] * place.width(), place.y() + point[1] * place.height())
    for width, ink in ((6.0, QColor(0, 0, 0)), (3.0, colour or TRAINEE)):
        painter.setPen(QPen(ink, width))
        painter.drawEllipse(middle, RADIUS, RADIUS)
