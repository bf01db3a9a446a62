"""One zoomable time line: ruler, both waveforms, turns, and the tiers."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.editor.media import PEAK_NS
from ui.theme import colours
from ui.widgets.parts import clock_text
from woz.annotation.document import Document
from woz.annotation.label_of import label_of
from woz.base.interval import NS_PER_S, Interval
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, TierId
from woz.model.own_schemes import MISTAKE
from woz.model.people import Role
from woz.model.tier import Tier
from woz.model.transcript import Turn

RULER, WAVE, TURN, TIER, GAP, HEAD = 26, 44, 26, 38, 6, 112
EDGE_PX = 5
TICKS_S = (0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600)
SHORTEST_VIEW_NS = NS_PER_S // 2


class Timeline(QWidget):
    """Paints only what is visible. Says what its user wants; changes nothing itself."""

    sought = Signal(object)
    segment_chosen = Signal(object, object)
    edge_moved = Signal(object, object)

    def __init__(self, document: Document, duration_ns: int) -> None:
        super().__init__()
        self._document = document
        self._duration_ns = max(duration_ns, NS_PER_S)
        self._start_ns, self._end_ns = 0, self._duration_ns
        self._peaks: dict[Role, NDArray[np.float32]] = {}
        self._position_ns = 0
        self._selected: AnnotationId | None = None
        self._tier: TierId | None = None
        self._drag: tuple[Annotation, bool] | None = None
        self._pan: tuple[float, int] | None = None
        self.setMinimumHeight(self._height())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAccessibleName("Time line")

    # what it shows

    @property
    def duration_ns(self) -> int:
        return self._duration_ns

    @property
    def voices_shown(self) -> int:
        """How many voices have their waveform."""
        return len(self._peaks)

    def show_span(self, start_ns: int, end_ns: int) -> None:
        """Have a part of the session fill the view."""
        self._end_ns = self._start_ns + max(SHORTEST_VIEW_NS, min(end_ns - start_ns, self._duration_ns))
        self._show_from(start_ns)

    def set_peaks(self, role: Role, peaks: NDArray[np.float32]) -> None:
        self._peaks[role] = peaks
        self.update()

    def set_position(self, t_ns: int) -> None:
        self._position_ns = t_ns
        span = self._end_ns - self._start_ns
        if not self._start_ns <= t_ns < self._end_ns:
            self._show_from(t_ns - span // 10)
        self.update()

    def select(self, tier: TierId | None, segment: AnnotationId | None) -> None:
        self._tier, self._selected = tier, segment
        self.update()

    def zoom(self, factor: float, about_ns: int | None = None) -> None:
        """Show `factor` times as much, keeping a time in its place."""
        about = self._position_ns if about_ns is None else about_ns
        span = self._end_ns - self._start_ns
        new = round(min(max(span * factor, SHORTEST_VIEW_NS), self._duration_ns))
        start = about - round((about - self._start_ns) * new / span)
        self._end_ns = self._start_ns + new
        self._show_from(start)

    def refresh(self) -> None:
        self.setMinimumHeight(self._height())
        self.setFixedHeight(self._height())
        self.update()

    def _show_from(self, start_ns: int) -> None:
        span = self._end_ns - self._start_ns
        self._start_ns = min(max(0, start_ns), max(0, self._duration_ns - span))
        self._end_ns = self._start_ns + span
        self.update()

    # geometry

    def _height(self) -> int:
        return RULER + 2 * (WAVE + TURN + GAP) + len(self._document.tiers) * (TIER + GAP) + GAP

    def _x(self, t_ns: int) -> float:
        return HEAD + (t_ns - self._start_ns) * (self.width() - HEAD) / (self._end_ns - self._start_ns)

    def _t(self, x: float) -> int:
        t = self._start_ns + round((x - HEAD) * (self._end_ns - self._start_ns) / max(1, self.width() - HEAD))
        return min(max(0, t), self._duration_ns)

    def _tier_top(self, number: int) -> int:
        return RULER + 2 * (WAVE + TURN + GAP) + number * (TIER + GAP)

    def _span(self, interval: Interval, top: float, height: float) -> QRectF:
        left, right = self._x(interval.start_ns), self._x(interval.end_ns)
        left, right = max(left, HEAD), min(right, self.width() + 2)
        return QRectF(left, top, max(1.5, right - left - 1), height)

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), colours().of("surface"))
        self._paint_ruler(painter)
        top = RULER
        for role, name in ((Role.TRAINEE, "Trainee"), (Role.EXPERT, "Expert")):
            self._paint_voice(painter, role, name, top)
            top += WAVE + TURN + GAP
        for number, tier in enumerate(self._document.tiers):
            self._paint_tier(painter, tier, self._tier_top(number))
        self._paint_playhead(painter)
        painter.end()

    def _paint_ruler(self, painter: QPainter) -> None:
        span_s = (self._end_ns - self._start_ns) / NS_PER_S
        wanted = span_s * 90 / max(1, self.width() - HEAD)
        tick = next((t for t in TICKS_S if t >= wanted), TICKS_S[-1])
        painter.setPen(colours().of("muted"))
        number = int(self._start_ns / NS_PER_S / tick)
        while (t_ns := round(number * tick * NS_PER_S)) <= self._end_ns:
            x = self._x(t_ns)
            if x >= HEAD:
                painter.drawLine(QPointF(x, RULER - 7), QPointF(x, RULER - 2))
                tenths = f".{t_ns // 100_000_000 % 10}" if tick < 1 else ""
                painter.drawText(QPointF(x + 4, RULER - 8), clock_text(t_ns) + tenths)
            number += 1

    def _head(self, painter: QPainter, text: str, top: int, height: int, bold: bool = False) -> None:
        font = painter.font()
        font.setBold(bold)
        painter.setFont(font)
        painter.setPen(colours().of("text" if bold else "muted"))
        box = QRectF(10, top, HEAD - 18, height)
        elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), elided)
        font.setBold(False)
        painter.setFont(font)

    def _paint_voice(self, painter: QPainter, role: Role, name: str, top: int) -> None:
        colour = colours().of("trainee" if role == Role.TRAINEE else "expert")
        self._head(painter, name, top, WAVE)
        peaks = self._peaks.get(role)
        if peaks is not None and len(peaks):
            self._paint_wave(painter, peaks, colour, top)
        for turn in self._document.turns_between(self._start_ns, self._end_ns):
            if turn.speaker == role:
                self._paint_turn(painter, turn, colour, top + WAVE)

    def _paint_wave(self, painter: QPainter, peaks: NDArray[np.float32], colour: QColor, top: int) -> None:
        middle, half = top + WAVE / 2, WAVE / 2 - 3
        edges = [self._t(x) // PEAK_NS for x in range(HEAD, self.width() + 1)]
        pen = QPen(colour)
        pen.setWidthF(1)
        painter.setPen(pen)
        for x, (a, b) in enumerate(pairwise(edges), HEAD):
            part = peaks[a : max(b, a + 1)]
            if len(part):
                level = float(part.max()) ** 0.6 * half
                painter.drawLine(QPointF(x, middle - level), QPointF(x, middle + level))

    def _paint_turn(self, painter: QPainter, turn: Turn, colour: QColor, top: int) -> None:
        box = self._span(turn.interval, top, TURN - 3)
        fill = QColor(colour)
        fill.setAlpha(60)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(box, 4, 4)
        self._write(painter, turn.text, box, colours().of("text"))

    def _paint_tier(self, painter: QPainter, tier: Tier, top: int) -> None:
        self._head(painter, tier.name, top, TIER, bold=tier.id == self._tier)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours().of("raised" if tier.id == self._tier else "background"))
        painter.drawRect(QRectF(HEAD, top, self.width() - HEAD, TIER))
        tier_type = self._document.tier_type(tier)
        for segment in self._document.timed(tier.id).between(self._start_ns, self._end_ns):
            label = label_of(tier_type, segment)
            box = self._span(segment.interval, top + 2, TIER - 4)
            painter.setBrush(QColor(label.colour))
            chosen = segment.id == self._selected
            painter.setPen(QPen(colours().of("text"), 2.5) if chosen else Qt.PenStyle.NoPen)
            painter.drawRoundedRect(box, 4, 4)
            text = ("⚠ " if segment.value(MISTAKE) is True else "") + label.name()
            self._write(painter, text, box, QColor("#ffffff"))

    def _write(self, painter: QPainter, text: str, box: QRectF, colour: QColor) -> None:
        inner = box.adjusted(6, 0, -4, 0)
        if inner.width() > 14:
            painter.setPen(colour)
            elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(inner.width()))
            painter.drawText(inner, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), elided)

    def _paint_playhead(self, painter: QPainter) -> None:
        x = self._x(self._position_ns)
        if x >= HEAD:
            painter.setPen(QPen(colours().of("accent"), 2))
            painter.drawLine(QPointF(x, 4), QPointF(x, self.height()))

    # pointer

    def mousePressEvent(self, event: QMouseEvent) -> None:
        x, y = event.position().x(), event.position().y()
        if event.button() == Qt.MouseButton.MiddleButton:
            self._pan = (x, self._start_ns)
            return
        tier, segment = self._hit(x, y)
        if segment:
            self._drag = self._edge(segment, x)
            self.segment_chosen.emit(tier.id if tier else None, segment.id)
        elif tier:
            self.segment_chosen.emit(tier.id, None)
        if not self._drag:
            self.sought.emit(self._t(x))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x, y = event.position().x(), event.position().y()
        if self._pan:
            per_pixel = (self._end_ns - self._start_ns) / max(1, self.width() - HEAD)
            self._show_from(self._pan[1] - round((x - self._pan[0]) * per_pixel))
        elif self._drag or event.buttons() & Qt.MouseButton.LeftButton:
            self.sought.emit(self._t(x))
        else:
            _, segment = self._hit(x, y)
            on_edge = segment is not None and self._edge(segment, x) is not None
            self.setCursor(Qt.CursorShape.SplitHCursor if on_edge else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drag:
            segment, at_start = self._drag
            t_ns = self._t(event.position().x())
            start, end = (t_ns, segment.interval.end_ns) if at_start else (segment.interval.start_ns, t_ns)
            self._drag = None
            if start < end:
                self.edge_moved.emit(segment.id, Interval(start, end))
        self._pan = None

    def wheelEvent(self, event: QWheelEvent) -> None:
        steps = event.angleDelta().y() / 120
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._show_from(self._start_ns - round(steps * (self._end_ns - self._start_ns) / 8))
        else:
            self.zoom(0.8**steps, self._t(event.position().x()))

    def _hit(self, x: float, y: float) -> tuple[Tier | None, Annotation | None]:
        for number, tier in enumerate(self._document.tiers):
            top = self._tier_top(number)
            if top <= y < top + TIER:
                t_ns = self._t(x)
                return tier, self._document.timed(tier.id).at(t_ns)
        return None, None

    def _edge(self, segment: Annotation, x: float) -> tuple[Annotation, bool] | None:
        if abs(x - self._x(segment.interval.start_ns)) <= EDGE_PX:
            return segment, True
        if abs(x - self._x(segment.interval.end_ns)) <= EDGE_PX:
            return segment, False
        return None
