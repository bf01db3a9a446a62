"""Tiers one below the other, round a place: what each annotator marked there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import GRID, colours
from ui.widgets.parts import clock_text
from woz.base.interval import NS_PER_S, Interval

NAMES_PX, ROW_PX, RULER_PX = 128, 44, 24
AROUND_NS = 4 * NS_PER_S
"""At least so much is seen before and after the place."""
BRIGHT = 150
STEPS_S = (1, 2, 5, 10, 30, 60, 300, 600)


@dataclass(frozen=True, slots=True)
class Box:
    """A mark as it is drawn; `strong` is what is looked at."""

    span: Interval
    text: str
    colour: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    boxes: tuple[Box, ...]


class TierStack(QWidget):
    """`sought` tells the time (ns) that somebody clicked at."""

    sought = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: Sequence[Line] = ()
        self._view = Interval(0, 10 * NS_PER_S)
        self._head_ns = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Tiers side by side")

    @property
    def lines(self) -> Sequence[Line]:
        """What is drawn, from above."""
        return self._lines

    def sizeHint(self) -> QSize:
        return QSize(600, RULER_PX + max(2, len(self._lines)) * ROW_PX)

    def show_lines(self, lines: Sequence[Line], around: Interval) -> None:
        """The tiers, with the place in the middle third of what is seen."""
        more = max(AROUND_NS, around.duration_ns)
        self._lines, self._view = lines, Interval(max(0, around.start_ns - more), around.end_ns + more)
        self.updateGeometry()
        self.update()

    def show_time(self, t_ns: int) -> None:
        self._head_ns = t_ns
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        across = (event.position().x() - NAMES_PX) / max(1, self.width() - NAMES_PX)
        if across >= 0:
            self.sought.emit(self._view.start_ns + round(across * self._view.duration_ns))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colours().of("surface"))
        self._ruler(painter)
        for i, line in enumerate(self._lines):
            self._line(painter, line, RULER_PX + i * ROW_PX)
        if self._view.start_ns <= self._head_ns <= self._view.end_ns:
            painter.setPen(QPen(colours().of("accent"), 2))
            x = round(self._x(self._head_ns))
            painter.drawLine(x, 0, x, self.height())

    def _x(self, t_ns: int) -> float:
        share = (t_ns - self._view.start_ns) / max(1, self._view.duration_ns)
        return NAMES_PX + share * (self.width() - NAMES_PX)

    def _ruler(self, painter: QPainter) -> None:
        painter.setPen(colours().of("muted"))
        length_s = self._view.duration_ns / NS_PER_S
        step = next((s for s in STEPS_S if length_s / s <= 10), STEPS_S[-1]) * NS_PER_S
        first = -(-self._view.start_ns // step) * step
        for t_ns in range(first, self._view.end_ns, step):
            x = round(self._x(t_ns))
            painter.drawLine(x, RULER_PX - 6, x, RULER_PX)
            painter.drawText(x + 3, RULER_PX - 8, clock_text(t_ns))

    def _line(self, painter: QPainter, line: Line, top: int) -> None:
        painter.setPen(colours().of("text"))
        name = QRectF(GRID, top, NAMES_PX - 2 * GRID, ROW_PX)
        text = painter.fontMetrics().elidedText(line.name, Qt.TextElideMode.ElideRight, int(name.width()))
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, text)
        painter.setClipRect(QRectF(NAMES_PX, top, self.width() - NAMES_PX, ROW_PX))
        for box in line.boxes:
            if box.span.start_ns <= self._view.end_ns and box.span.end_ns >= self._view.start_ns:
                self._box(painter, box, top)
        painter.setClipping(False)
        painter.setPen(colours().of("border"))
        painter.drawLine(0, top + ROW_PX - 1, self.width(), top + ROW_PX - 1)

    def _box(self, painter: QPainter, box: Box, top: int) -> None:
        left, right = self._x(box.span.start_ns), self._x(box.span.end_ns)
        place = QRectF(left, top + 5, max(4.0, right - left), ROW_PX - 10)
        fill = QColor(box.colour)
        fill.setAlpha(255 if box.strong else 90)
        edge = QPen(colours().of("accent"), 2) if box.strong else QPen(colours().of("border"), 1)
        painter.setPen(edge)
        painter.setBrush(fill)
        painter.drawRoundedRect(place, 4, 4)
        if box.strong:
            bright = 0.299 * fill.red() + 0.587 * fill.green() + 0.114 * fill.blue()
            painter.setPen(QColor("black" if bright > BRIGHT else "white"))
        else:
            painter.setPen(colours().of("muted"))
        inside = place.adjusted(6, 0, -4, 0)
        text = painter.fontMetrics().elidedText(box.text, Qt.TextElideMode.ElideRight, max(0, int(inside.width())))
        painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter, text)
