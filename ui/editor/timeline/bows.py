"""Draws links between items as bows with an arrow at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPolygonF

from ui.editor.timeline.layout import Layout
from ui.editor.timeline.rows import Row, Rows
from ui.theme import colours
from woz.annotation.document import Document
from woz.model.link import Link
from woz.model.scheme import named

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


class Bows:
    """All links whose ends are both in sight, made of a document as its rows are."""

    def __init__(self, rows: Rows, document: Document) -> None:
        names = {kind.key: named(kind.names, "en", kind.key) for s in document.schemes.values() for kind in s.links}
        find = rows.place_of
        ends = ((find(each.source), find(each.target), each) for each in document.links)
        self.all = [Bow(a, b, _named(each, names)) for a, b, each in ends if a and b]
        self._of: tuple[Place, list[Bow]] | None = None
        spans = [(*_span(bow.source), *_span(bow.target)) for bow in self.all]
        self._spans = np.array(spans, np.int64).reshape(-1, 4)

    def draw(self, painter: QPainter, layout: Layout) -> None:
        """Those that have an end in view, faintly; none where these are too many to tell apart."""
        starts, ends = self._spans[:, ::2], self._spans[:, 1::2]
        seen = np.flatnonzero(((starts < layout.view.end_ns) & (ends >= layout.view.start_ns)).any(1))
        if len(seen) <= MOST:
            _draw_each(painter, layout, [self.all[n] for n in seen], False)

    def draw_of(self, painter: QPainter, layout: Layout, chosen: Place | None) -> None:
        """Those of one item, with their names."""
        if chosen is None:
            return
        if self._of is None or not _same(self._of[0], chosen):
            mine = [bow for bow in self.all if _same(bow.source, chosen) or _same(bow.target, chosen)]
            self._of = (chosen, mine)
        _draw_each(painter, layout, self._of[1], True)


def _named(link: Link, names: Mapping[str, str]) -> str:
    return names.get(link.type, link.type) + ("" if link.doubt is None else " ⚑")


def _same(one: Place, other: Place) -> bool:
    return one[0] is other[0] and one[1] == other[1]


def _span(place: Place) -> tuple[int, int]:
    spans = place[0].spans
    assert spans
    return int(spans.starts[place[1]]), int(spans.ends[place[1]])


def _draw_each(painter: QPainter, layout: Layout, bows: Sequence[Bow], strong: bool) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for bow in bows:
        _draw(painter, layout, bow, strong)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


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
