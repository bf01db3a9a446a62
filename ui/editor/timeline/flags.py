"""Signs of what is missing, wrong or doubtful: at their place on the time line, and in the strip above it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from ui.editor.timeline.boxes import draw_boxes
from ui.editor.timeline.layout import Layout
from ui.editor.timeline.rows import GAP, Row
from ui.editor.timeline.spans import Pixels, View
from ui.theme import colours
from woz.model.kinds import Item
from woz.model.link import Link
from woz.model.scheme import Level
from woz.schemes.finding import Finding

SIGN_PX, SMALL_PX = 9, 4.0
MOST_SIGNS = 40
"""Of more in a row only small squares are drawn."""
TICK_PX = 2
TALL, LOW = 8, 5
"""Of ticks in the strip: an error's, a warning's."""
MOST_WORDS = 6
Numbers = NDArray[np.intp]


class Flags:
    """What was found of a session, by what it is about: an item, or a tier; of a link what it leads from."""

    def __init__(self, items: Iterable[Item] = (), found: Iterable[Finding] = ()) -> None:
        """`items` are all of the session."""
        links = {str(item.id): item.source.id for item in items if isinstance(item, Link)}
        self._words: dict[str, list[str]] = {}
        self._levels: dict[str, Level] = {}
        self._numbers: dict[object, tuple[Row, dict[Level, Numbers]]] = {}
        for each in found:
            about = str(links.get(each.item.id, each.item.id)) if each.item else ""
            if about:
                self._words.setdefault(about, []).append(each.sentence)
                if self._levels.get(about) != Level.ERROR:
                    self._levels[about] = each.level

    def words(self, about: str) -> str:
        """All that is said of an item or a tier by its id, a line each."""
        said = self._words.get(about, [])
        more = [f"and {len(said) - MOST_WORDS} more: Ctrl+E lists all"] if len(said) > MOST_WORDS else []
        return "\n".join([*said[:MOST_WORDS], *more])

    def level(self, row: Row) -> Level | None:
        """Of what has no place on the row: its tier itself, and what is for the whole session."""
        ids = [str(row.tier.id), *(str(each.id) for each in row.untimed)] if row.tier else []
        found = set(map(self._levels.get, ids))
        return Level.ERROR if Level.ERROR in found else Level.WARNING if Level.WARNING in found else None

    def of(self, row: Row) -> dict[Level, Numbers]:
        """The items of a row by number, rising; found once as long as the row stays."""
        key = row.tier.id if row.tier else row.voice
        known = self._numbers.get(key)
        if known is None or known[0] is not row:
            levels = [self._levels.get(str(each.id)) for each in row.items] if self._levels else []
            of = {
                level: np.array([n for n, found in enumerate(levels) if found is level], np.intp) for level in Level
            }
            known = self._numbers[key] = (row, of)
        return known[1]

    def draw(self, painter: QPainter, row: Row, layout: Layout) -> None:
        """At the upper left corner of what each is about: a triangle for an error, a dot for a warning, which
        lies below it.
        """
        if row.spans is None or not len(row.spans.starts):
            return
        part = row.spans.seen(layout.view.start_ns, layout.view.end_ns)
        for level in reversed(Level):
            numbers = self.of(row)[level]
            seen = numbers[np.searchsorted(numbers, part.start) : np.searchsorted(numbers, part.stop)]
            corners = _corners(row, apart(row, seen, layout), layout)
            if len(corners) > MOST_SIGNS:
                sizes = np.full_like(corners, SMALL_PX)
                draw_boxes(painter, np.concatenate([corners, sizes], axis=1), colours().of(_colour(level)))
                continue
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for x, y in corners.tolist():
                draw_sign(painter, x, y, level)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def draw_whole(self, painter: QPainter, row: Row, view: View, bottom: float) -> None:
        """A tick for each in the strip of the whole session, an error's taller than a warning's."""
        assert row.spans
        for level in reversed(Level):
            rounded = np.round(view.xs(row.spans.starts[self.of(row)[level]])).astype(np.float64)
            columns = rounded[np.flatnonzero(np.diff(rounded, prepend=-np.inf))]
            height = TALL if level is Level.ERROR else LOW
            boxes = np.empty((len(columns), 4))
            boxes[:, 0], boxes[:, 1], boxes[:, 2], boxes[:, 3] = columns, bottom - height, TICK_PX, height
            draw_boxes(painter, boxes + np.array([-1, -1, 2, 1]), colours().of("surface"))
            draw_boxes(painter, boxes, colours().of(_colour(level)))


def draw_sign(painter: QPainter, x: float, y: float, level: Level) -> None:
    painter.setPen(QPen(colours().of("surface"), 1))
    painter.setBrush(colours().of(_colour(level)))
    if level is Level.ERROR:
        painter.drawPolygon(QPolygonF([QPointF(x, y), QPointF(x + SIGN_PX + 1, y), QPointF(x, y + SIGN_PX + 1)]))
    else:
        painter.drawEllipse(QPointF(x + SIGN_PX / 2, y + SIGN_PX / 2), SIGN_PX / 2 - 0.5, SIGN_PX / 2 - 0.5)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _colour(level: Level) -> str:
    return "danger" if level is Level.ERROR else "warning"


def _corners(row: Row, numbers: Numbers, layout: Layout) -> Pixels:
    """Shape (n, 2): the upper left corners of the boxes of some items, in view."""
    assert row.spans
    left = np.maximum(layout.view.xs(row.spans.starts[numbers]), layout.view.left)
    top = layout.top_of(row) + GAP / 2 + row.spans.lanes[numbers] * row.lane_height
    return np.stack([left, top], axis=1)


def apart(row: Row, numbers: Numbers, layout: Layout) -> Numbers:
    """Of those that would lie over each other the first."""
    spans, view = row.spans, layout.view
    assert spans
    places = view.xs(spans.starts[numbers]) - view.left
    columns = (np.clip(places, 0, view.width) / SIGN_PX).astype(np.intp)
    lanes = spans.lanes[numbers]
    first = np.full((spans.lane_count, view.width // SIGN_PX + 1), -1, np.intp)
    first[lanes[::-1], columns[::-1]] = numbers[::-1]
    return first[first >= 0]
