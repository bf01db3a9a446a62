"""Lines that the expert draws on the view: bounded, and gone after a while."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

Point = tuple[float, float]

MAX_POINTS = 400
MAX_STROKES = 50
NEAR = 0.002
"""A point nearer than this to the last one, as a part of the picture, adds nothing."""
STAYS_NS, FADES_NS = 2_000_000_000, 1_500_000_000


@dataclass(slots=True)
class Stroke:
    """Points are parts of the picture's width and height, 0 to 1; times are those of the console's clock."""

    began_ns: int
    points: list[Point] = field(default_factory=list)
    ended_ns: int | None = None

    def add(self, point: Point) -> bool:
        """False where the stroke is full."""
        if self.points and max(abs(a - b) for a, b in zip(point, self.points[-1], strict=True)) < NEAR:
            return True
        if len(self.points) < MAX_POINTS:
            self.points.append(point)
        return len(self.points) < MAX_POINTS

    def opacity(self, now_ns: int) -> float:
        """1 while it is drawn and for a while after, then falling to 0."""
        if self.ended_ns is None:
            return 1.0
        return min(1.0, max(0.0, 1 - (now_ns - self.ended_ns - STAYS_NS) / FADES_NS))


class Strokes:
    def __init__(self) -> None:
        self._strokes: list[Stroke] = []

    def __bool__(self) -> bool:
        return bool(self._strokes)

    def begin(self, point: Point, now_ns: int) -> Stroke:
        stroke = Stroke(now_ns, [point])
        self._strokes = [*self._strokes, stroke][-MAX_STROKES:]
        return stroke

    def lay(self, stroke: Stroke, now_ns: int) -> None:
        """One that was drawn before, as much of it as was drawn by now."""
        if stroke.ended_ns is not None and stroke.began_ns < stroke.ended_ns:
            part = (now_ns - stroke.began_ns) / (stroke.ended_ns - stroke.began_ns)
            stroke.points = stroke.points[: max(1, math.ceil(len(stroke.points) * min(1.0, part)))]
        self._strokes = [*self._strokes, stroke][-MAX_STROKES:]

    def forget_faded(self, now_ns: int) -> None:
        self._strokes = [s for s in self._strokes if s.opacity(now_ns) > 0]

    def paint(self, painter: QPainter, place: QRectF, now_ns: int) -> None:
        """Draw all over the picture that fills `place`: light on dark, so that they show on any ground."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for stroke in self._strokes:
            line = QPolygonF([_at(place, point) for point in stroke.points])
            for colour, width in ((QColor(0, 0, 0), 8.0), (QColor(255, 214, 10), 4.0)):
                colour.setAlphaF(stroke.opacity(now_ns))
                painter.setPen(
                    QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
                )
                if len(stroke.points) == 1:
                    painter.drawEllipse(line.at(0), 14, 14)
                else:
                    painter.drawPolyline(line)


def _at(place: QRectF, point: Point) -> QPointF:
    return QPointF(place.x() + point[0] * place.width(), place.y() + point[1] * place.height())
