"""How somebody changes over weeks: how late their boundaries are, and how much they call otherwise."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from ui.theme import GRID, colours
from woz.annotation.measures.drift import Week
from woz.annotation.measures.drift_limits import DriftLimits
from woz.base.interval import NS_PER_S, seconds

LEFT_PX, FOOT_PX, HEAD_PX = 72, 24, 22
DOT_PX = 4
NAMES_APART_PX = 72
"""A week's name has so much room, at least; where there is less, only some are named."""


class WeeksPlot(QWidget):
    """Above the medians of starts and ends, with what was agreed as a band; below the share of other labels.

    `asked` tells the week (`Week`) that was clicked at.
    """

    asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._weeks: Sequence[Week] = ()
        self._who, self._limits = "", DriftLimits()
        self.setMinimumHeight(200)
        self.setAccessibleName("Offsets and other labels by week")

    def sizeHint(self) -> QSize:
        return QSize(420, 260)

    def show_weeks(self, who: str, weeks: Sequence[Week], limits: DriftLimits) -> None:
        self._who, self._weeks, self._limits = who, weeks, limits
        told = [f"{each.week}: {each.told}" for each in weeks if each.told]
        self.setAccessibleDescription("; ".join(told) or "Nothing exceeds what was agreed.")
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        across = (event.position().x() - LEFT_PX) / max(1.0, self._step)
        if self._weeks and 0 <= across < len(self._weeks):
            self.asked.emit(self._weeks[int(across)])

    @property
    def _step(self) -> float:
        return (self.width() - LEFT_PX - 2 * GRID) / max(1, len(self._weeks))

    def _x(self, at: int) -> float:
        return LEFT_PX + (at + 0.5) * self._step

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), colours().of("surface"))
        if not self._weeks:
            painter.setPen(colours().of("muted"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "Nothing that both have marked.")
            return
        height = self.height() - FOOT_PX
        upper = QRectF(LEFT_PX, HEAD_PX, self._step * len(self._weeks), height * 0.6 - HEAD_PX - GRID)
        lower = QRectF(LEFT_PX, height * 0.6 + HEAD_PX, upper.width(), height * 0.4 - HEAD_PX - GRID)
        self._offsets(painter, upper)
        self._others(painter, lower)
        self._names(painter)

    def _offsets(self, painter: QPainter, place: QRectF) -> None:
        found = [(w.start_ns / NS_PER_S, w.end_ns / NS_PER_S) for w in self._weeks]
        agreed_s = seconds(self._limits.offset_ns)
        most = max(2 * agreed_s, *(1.2 * abs(each) for pair in found for each in pair), 0.1)

        def y(value_s: float) -> float:
            return place.center().y() - value_s / most * place.height() / 2

        band = QColor(colours().of("accent"))
        band.setAlpha(36)
        top = y(agreed_s)
        painter.fillRect(QRectF(place.left(), top, place.width(), y(-agreed_s) - top), band)
        self._frame(painter, place, f"{self._who}: starts ●, ends ○, s later than the reference; band: agreed")
        for value in (most, 0.0, -most):
            self._scale(painter, y(value), f"{value:+.2f} s" if value else "0")
        painter.setPen(QPen(colours().of("border"), 1))
        painter.drawLine(QPointF(place.left(), y(0)), QPointF(place.right(), y(0)))
        for side, boundary in enumerate(("start", "end")):
            self._line(painter, [y(pair[side]) for pair in found], boundary, side == 0)

    def _line(self, painter: QPainter, heights: Sequence[float], boundary: str, filled: bool) -> None:
        points = [QPointF(self._x(at), height) for at, height in enumerate(heights)]
        style = Qt.PenStyle.SolidLine if filled else Qt.PenStyle.DashLine
        painter.setPen(QPen(colours().of("muted"), 1, style))
        painter.drawPolyline(QPolygonF(points))
        for week, point in zip(self._weeks, points, strict=True):
            colour = colours().of("danger" if boundary in week.beyond else "accent")
            painter.setPen(QPen(colour, 2))
            painter.setBrush(colour if filled else colours().of("surface"))
            painter.drawEllipse(point, DOT_PX, DOT_PX)

    def _others(self, painter: QPainter, place: QRectF) -> None:
        agreed = self._limits.other_label
        most = min(1.0, max(2 * agreed, 0.01, *(each.other_label for each in self._weeks)))
        self._frame(painter, place, "other label, of 100; line: agreed")
        self._scale(painter, place.top() + 6, f"{100 * most:.0f}")
        self._scale(painter, place.bottom(), "0")
        wide = min(28.0, 0.6 * self._step)
        for at, week in enumerate(self._weeks):
            tall = place.height() * week.other_label / most
            colour = colours().of("danger" if "label" in week.beyond else "accent")
            painter.fillRect(QRectF(self._x(at) - wide / 2, place.bottom() - tall, wide, tall), colour)
        line = place.bottom() - place.height() * agreed / most
        painter.setPen(QPen(colours().of("muted"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(place.left(), line), QPointF(place.right(), line))

    def _frame(self, painter: QPainter, place: QRectF, name: str) -> None:
        painter.setPen(QPen(colours().of("border"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(place)
        painter.setPen(colours().of("text"))
        painter.drawText(QPointF(place.left(), place.top() - 6), name)

    def _scale(self, painter: QPainter, y: float, text: str) -> None:
        painter.setPen(colours().of("muted"))
        wide = painter.fontMetrics().horizontalAdvance(text)
        painter.drawText(QPointF(LEFT_PX - wide - 6, y + 4), text)

    def _names(self, painter: QPainter) -> None:
        each = max(1, -(-NAMES_APART_PX // max(1, int(self._step))))
        for at, week in enumerate(self._weeks):
            if at % each == 0:
                painter.setPen(colours().of("danger" if week.told else "muted"))
                wide = painter.fontMetrics().horizontalAdvance(week.week)
                painter.drawText(QPointF(self._x(at) - wide / 2, self.height() - 8), week.week)
