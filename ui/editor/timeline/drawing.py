"""Draws the rows of the time line into a part of the session: boxes, points, texts, waveforms, the ruler."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetrics, QPainter, QPen, QPolygonF

from ui.editor.timeline.boxes import draw_boxes, draw_columns
from ui.editor.timeline.marks import draw_bars
from ui.editor.timeline.rows import GAP, Row
from ui.editor.timeline.spans import Pixels, View, covered
from ui.theme import colours
from ui.widgets.parts import clock_text
from woz.base.interval import NS_PER_S
from woz.sound.waveform import Waveform

TICKS_S = (0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600)
TICK_PX = 90
THIN_PX = 2.0
"""What is narrower is drawn as part of its column."""
TEXT_PX = 24
SIGN_ROOM_PX = 12
"""At the end of the label of what has a sign there, and before the sign of a point."""
POINT_PX = 9
ELIDED_MOST = 20_000
DOTS = "…"
HATCH_PX, PALE = 4, 50
"""Of proposals: narrower ones are only pale."""
BRIGHT = 150
"""On fills of at least this luminance (0..255) is written in black."""


class Pen:
    """Draws rows, and keeps texts as they were cut to fit."""

    def __init__(self, metrics: QFontMetrics, texts: bool = True) -> None:
        self._metrics = metrics
        self._written = texts
        self._cut: dict[tuple[str, int], str] = {}

    def cut(self, text: str, width: float) -> str:
        """A text with dots where it doesn't fit."""
        key = (text, int(width) // 4)
        found = self._cut.get(key)
        if found is None:
            if len(self._cut) > ELIDED_MOST:
                self._cut.clear()
            short = text[: int(width) // 2 + 2] if len(text) > width else text
            found = self._metrics.elidedText(short, Qt.TextElideMode.ElideRight, key[1] * 4)
            found = "" if found == DOTS else found
            self._cut[key] = found
        return found

    def items(
        self, painter: QPainter, row: Row, top: float, view: View, signed: Collection[int] = frozenset()
    ) -> None:
        """All of a row that is in view; beside the labels of the `signed` there is room for a sign."""
        spans = row.spans
        if spans is None or not len(spans.starts):
            return
        part = spans.seen(view.start_ns, view.end_ns)
        left, right = view.xs(spans.starts[part]), view.xs(spans.ends[part])
        points = spans.points[part]
        thin = (right - left < THIN_PX) & ~points
        tops = top + GAP / 2 + spans.lanes[part] * row.lane_height
        self._thin(painter, row, top, view, part, thin)
        wide = np.flatnonzero(~thin & ~points)
        height = row.lane_height - (2 if spans.lane_count > 1 else 0)
        boxes = _boxes(left[wide], right[wide], tops[wide], height, view)
        kinds = spans.kinds[part][wide]
        draw = draw_drafts if row.draft else draw_boxes
        for kind, fill in enumerate(row.palette):
            mine = boxes[kinds == kind]
            draw(painter, mine, fill)
            if row.cues and not row.draft:
                draw_bars(painter, mine, row.cues[kind])
        if self._written:
            roomy = np.flatnonzero(boxes[:, 2] >= TEXT_PX)
            self._texts(painter, row, boxes[roomy], (wide[roomy] + part.start).tolist(), signed)
        if points.any():
            self._points(painter, row, view, part, left, tops, signed)

    def _thin(
        self, painter: QPainter, row: Row, row_top: float, view: View, part: slice, thin: NDArray[np.bool_]
    ) -> None:
        """Spans too narrow for a box of their own: of each column, the colour of what covers most."""
        spans = row.spans
        assert spans
        for lane in range(spans.lane_count):
            mine = np.flatnonzero(thin & (spans.lanes[part] == lane)) + part.start
            if not len(mine):
                continue
            left, right = view.xs(spans.starts[mine]) - view.left, view.xs(spans.ends[mine]) - view.left
            kinds, share = covered(left, right, spans.kinds[mine], view.width, len(row.palette))
            top = row_top + GAP / 2 + lane * row.lane_height
            place = QRectF(view.left, top, view.width, row.lane_height - (2 if spans.lane_count > 1 else 0))
            draw_columns(painter, place, kinds, share, row.palette)

    def _texts(
        self, painter: QPainter, row: Row, boxes: Pixels, numbers: list[int], signed: Collection[int]
    ) -> None:
        assert row.spans
        dark = [_is_bright(fill) if fill.alpha() == 255 and not row.draft else None for fill in row.palette]
        inks = {True: QColor("#101418"), False: QColor("#ffffff"), None: colours().of("text")}
        kinds = row.spans.kinds
        drop = (self._metrics.ascent() - self._metrics.descent()) / 2
        last: object = 0
        for number, (x, y, width, height) in zip(numbers, boxes.tolist(), strict=True):
            ink = dark[kinds[number]]
            if ink is not last:
                painter.setPen(inks[ink])
                last = ink
            free = width - 8 - (SIGN_ROOM_PX if number in signed else 0)
            painter.drawText(QPointF(x + 5, y + height / 2 + drop), self.cut(row.text(number), free))

    def _points(
        self,
        painter: QPainter,
        row: Row,
        view: View,
        part: slice,
        left: Pixels,
        tops: Pixels,
        signed: Collection[int],
    ) -> None:
        """A diamond on a stem with its label beside it; where many are in one place, one stands for all."""
        assert row.spans
        mine = np.flatnonzero(row.spans.points[part])
        _, firsts = np.unique((left[mine] // POINT_PX).astype(np.int64), return_index=True)
        mine = mine[firsts]
        xs, height = left[mine].tolist(), row.lane_height
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        drop = (self._metrics.ascent() - self._metrics.descent()) / 2
        signs = [SIGN_ROOM_PX if part.start + n in signed else 0 for n in mine.tolist()]
        ends = [*(x - sign for x, sign in zip(xs[1:], signs[1:], strict=True)), view.left + view.width]
        for n, x, until in zip(mine.tolist(), xs, ends, strict=True):
            fill, y = row.palette[row.spans.kinds[part.start + n]], tops[n]
            painter.setPen(QPen(fill, 1.5))
            painter.drawLine(QPointF(x, y), QPointF(x, y + height - 1))
            painter.setPen(QPen(colours().of("surface"), 1))
            painter.setBrush(fill)
            painter.drawPolygon(diamond(x, y + height / 2))
            if self._written and until - x >= TEXT_PX + POINT_PX:
                painter.setPen(colours().of("text"))
                text = self.cut(row.text(part.start + n), until - x - POINT_PX - 4)
                painter.drawText(QPointF(x + POINT_PX - 1, y + height / 2 + drop), text)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def draw_drafts(painter: QPainter, boxes: Pixels, fill: QColor) -> None:
    """Hatched, with a dashed edge: nobody's work yet."""
    inner = boxes.copy()
    inner[:, :2] += 0.5
    inner[:, 2:] -= 1
    pale = QColor(fill)
    pale.setAlpha(PALE)
    draw_boxes(painter, boxes, pale)
    pale.setAlpha(2 * PALE)
    edge = QPen(fill, 1, Qt.PenStyle.DashLine)
    draw_boxes(painter, inner[inner[:, 2] >= HATCH_PX], QBrush(pale, Qt.BrushStyle.BDiagPattern), edge)


def diamond(x: float, y: float, half: float = POINT_PX * 0.62) -> QPolygonF:
    return QPolygonF([QPointF(x, y - half), QPointF(x + half, y), QPointF(x, y + half), QPointF(x - half, y)])


def draw_wave(painter: QPainter, wave: Waveform, fill: QColor, top: float, height: float, view: View) -> None:
    """A column a pixel from the lowest to the highest sample; quiet sound is drawn larger than it is."""
    edges = view.start_ns + np.arange(view.width + 1) * (view.end_ns - view.start_ns) // view.width
    outline = wave.outline(edges.astype(np.int64))
    tall = np.sign(outline) * np.abs(outline) ** 0.6 * (height / 2 - 3)
    boxes = np.empty((view.width, 4))
    boxes[:, 0] = view.left + np.arange(view.width)
    boxes[:, 1] = np.round(top + height / 2 - tall[:, 1])
    boxes[:, 2] = 1
    boxes[:, 3] = np.maximum(1, np.round(tall[:, 1] - tall[:, 0]))
    draw_boxes(painter, boxes, fill)


def draw_ruler(painter: QPainter, view: View, bottom: int) -> None:
    wanted = TICK_PX / view.per_ns / NS_PER_S
    tick = next((t for t in TICKS_S if t >= wanted), TICKS_S[-1])
    painter.setPen(colours().of("muted"))
    number = int(view.start_ns / NS_PER_S / tick)
    while (t_ns := round(number * tick * NS_PER_S)) <= view.end_ns:
        x = view.x(t_ns)
        if x >= view.left:
            painter.drawLine(QPointF(x, bottom - 7), QPointF(x, bottom - 2))
            tenths = f".{t_ns // 100_000_000 % 10}" if tick < 1 else ""
            if x < view.left + view.width - TICK_PX / 2:
                painter.drawText(QPointF(x + 4, bottom - 8), clock_text(t_ns) + tenths)
        number += 1


def _boxes(left: Pixels, right: Pixels, tops: Pixels, height: float, view: View) -> Pixels:
    """Clipped to the view, whole pixels, a pixel of room before the next."""
    left = np.round(np.maximum(left, view.left))
    right = np.round(np.minimum(right, view.left + view.width + 2))
    return np.stack([left, tops, np.maximum(1.0, right - left - 1), np.full(len(left), height)], axis=1)


def _is_bright(fill: QColor) -> bool:
    return 0.299 * fill.red() + 0.587 * fill.green() + 0.114 * fill.blue() >= BRIGHT
