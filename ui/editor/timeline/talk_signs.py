"""Signs of open comments: at the upper right corner of what they are on, where nothing is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from ui.editor.timeline.boxes import draw_boxes
from ui.editor.timeline.drawing import TEXT_PX
from ui.editor.timeline.flags import MOST_SIGNS, SIGN_PX, SMALL_PX, Numbers, apart
from ui.editor.timeline.layout import Layout
from ui.editor.timeline.rows import GAP, Row
from ui.editor.timeline.spans import Pixels
from ui.theme import colours
from woz.base.counts import counted

TALK_PX = 8
INSET_PX = 4
"""From the end of a box, so that the outline of a chosen one leaves it free."""
MOST_LINES, MOST_LETTERS = 3, 60
"""Of the tooltip: talks, and letters of each."""
_BUBBLE = ((0, 0), (TALK_PX, 0), (TALK_PX, 5.5), (5, 5.5), (2, TALK_PX), (2, 5.5), (0, 5.5))
_NONE = np.zeros(0, np.intp)
Said = Mapping[str, Sequence[str]]


class TalkSigns:
    """`said`: by an item's or a tier's id, what each open talk on it begins with."""

    def __init__(self, said: Said | None = None) -> None:
        self.said: Said = said or {}
        self._numbers: dict[object, tuple[Row, Numbers]] = {}

    def words(self, about: str) -> str:
        """How many open comments an item or a tier has, and the first words of the first few, a line each."""
        said = self.said.get(about, ())
        if not said:
            return ""
        more = [f"and {len(said) - MOST_LINES} more"] if len(said) > MOST_LINES else []
        return "\n".join([f"{counted(len(said), 'open comment')}:", *map(_short, said[:MOST_LINES]), *more])

    def of(self, row: Row) -> Numbers:
        """The items of a row that have some, by number, rising; found once as long as the row stays."""
        if not self.said:
            return _NONE
        key = row.tier.id if row.tier else row.voice
        known = self._numbers.get(key)
        if known is None or known[0] is not row:
            found = [number for about in self.said if (number := row.number_of(about)) is not None]
            known = self._numbers[key] = (row, np.array(sorted(found), np.intp))
        return known[1]

    def at_head(self, row: Row) -> bool:
        """Whether there are some on what has no place on the row: its tier, and what is for the whole session."""
        if row.tier is None or not self.said:
            return False
        return any(about in self.said for about in (str(row.tier.id), *(str(each.id) for each in row.untimed)))

    def draw(self, painter: QPainter, row: Row, layout: Layout) -> None:
        """Beside each other; of many small squares."""
        if row.spans is None or not len(self.of(row)):
            return
        part, numbers = row.spans.seen(layout.view.start_ns, layout.view.end_ns), self.of(row)
        seen = numbers[np.searchsorted(numbers, part.start) : np.searchsorted(numbers, part.stop)]
        places = corners(row, apart(row, seen, layout), layout)
        if len(places) > MOST_SIGNS:
            sizes = np.full_like(places, SMALL_PX)
            draw_boxes(painter, np.concatenate([places, sizes], axis=1), colours().of("accent"))
            return
        for x, y in places.tolist():
            draw_talk(painter, x, y)


def corners(row: Row, numbers: Numbers, layout: Layout) -> Pixels:
    """Shape (n, 2): where the signs of some items lie. In a box at the end of its upper edge, where that is too
    narrow for a label below its other sign; left of a point's stem.
    """
    spans, view = row.spans, layout.view
    assert spans
    points, end = spans.points[numbers], view.left + view.width
    starts = view.xs(spans.starts[numbers])
    left = np.round(np.maximum(starts, view.left))
    right = np.round(np.minimum(view.xs(spans.ends[numbers]), end + 2))
    wide = ~points & (right - left - 1 >= TEXT_PX)
    x = np.where(points, starts - TALK_PX - 2, np.where(wide, np.minimum(right, end) - TALK_PX - INSET_PX, left))
    top = layout.top_of(row) + GAP / 2 + spans.lanes[numbers] * row.lane_height
    return np.stack([x, top + np.where(points | wide, 2, SIGN_PX + 1)], axis=1)


def draw_talk(painter: QPainter, x: float, y: float) -> None:
    """A speech bubble."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colours().of("surface"), 1))
    painter.setBrush(colours().of("accent"))
    painter.drawPolygon(QPolygonF([QPointF(x + across, y + down) for across, down in _BUBBLE]))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MOST_LETTERS else f"{line[:MOST_LETTERS].rstrip()}…"
