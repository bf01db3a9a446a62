"""Draws links between items as bows with an arrow at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPolygonF

from ui.editor.timeline.layout import Layout
from ui.editor.timeline.rows import Row
from ui.theme import colours

MOST = 300
"""Of more in view, only those of what is chosen are drawn."""
ARROW_PX = 5
Place = tuple[Row, int]


@dataclass(frozen=True, slots=True)
class Bow:
    """From an item to another; `name` is its type's."""

    source: Place
    target: Place
    name: str


def draw_bows(painter: QPainter, layout: Layout, bows: Sequence[Bow], chosen: Place | None) -> None:
    seen = [bow for bow in bows if _in_view(layout, bow.source) or _in_view(layout, bow.target)]
    mine = [bow for bow in seen if chosen is not None and chosen in (bow.source, bow.target)]
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for bow in seen if len(seen) <= MOST else ():
        if bow not in mine:
            _draw(painter, layout, bow, False)
    for bow in mine:
        _draw(painter, layout, bow, True)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _in_view(layout: Layout, place: Place) -> bool:
    spans = place[0].spans
    assert spans
    view = layout.view
    return bool(spans.starts[place[1]] < view.end_ns and spans.ends[place[1]] >= view.start_ns)


def _draw(painter: QPainter, layout: Layout, bow: Bow, strong: bool) -> None:
    source, target = layout.place(*bow.source), layout.place(*bow.target)
    down = source.center().y() <= target.center().y()
    start = QPointF(source.center().x(), source.bottom() - 3 if down else source.top() + 3)
    end = QPointF(target.center().x(), target.top() + 3 if down else target.bottom() - 3)
    if abs(source.center().y() - target.center().y()) < 1:
        start.setY(source.top() + 3)
        end.setY(target.top() + 3)
    bend = 26 if down else -26
    path = QPainterPath(start)
    path.cubicTo(QPointF(start.x(), start.y() + bend), QPointF(end.x(), end.y() - bend), end)
    colour = colours().of("accent" if strong else "muted")
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colours().of("surface"), 4 if strong else 3))
    painter.drawPath(path)
    painter.setPen(QPen(colour, 2 if strong else 1.2))
    painter.drawPath(path)
    side = -ARROW_PX if down else ARROW_PX
    painter.setBrush(colour)
    painter.drawPolygon(
        QPolygonF([end, QPointF(end.x() - 4, end.y() + 1.6 * side), QPointF(end.x() + 4, end.y() + 1.6 * side)])
    )
    if strong:
        _name(painter, path.pointAtPercent(0.5), bow.name)


def _name(painter: QPainter, at: QPointF, name: str) -> None:
    width = painter.fontMetrics().horizontalAdvance(name) + 10
    height = painter.fontMetrics().height()
    box = QRectF(at.x() - width / 2, at.y() - height / 2, width, height)
    painter.setPen(QPen(colours().of("accent"), 1))
    painter.setBrush(colours().of("surface"))
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(colours().of("text"))
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), name)
