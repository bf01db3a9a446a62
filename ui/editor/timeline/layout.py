"""Where things lie on the time line, and what lies under the pointer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF

from ui.editor.timeline.rows import GAP, Row, Rows
from ui.editor.timeline.spans import View
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId
from woz.model.transcript import Turn

STRIP, RULER, HEAD, BAR = 22, 26, 168, 12
"""Heights of the strip of the whole session and of the ruler; widths of the names at the left and of the bar."""
TOP = STRIP + RULER
BADGE = 22
"""The width of the sign for what has no time."""
EDGE_PX, POINT_NEAR_PX, SNAP_PX = 5, 8, 10


@dataclass(slots=True)
class Layout:
    """The part of the session in view, the rows, and how far they are scrolled up (pixels)."""

    rows: Rows
    view: View
    scrolled: int = 0

    def top_of(self, row: Row) -> float:
        return TOP + row.top - self.scrolled

    def place(self, row: Row, number: int) -> QRectF:
        """The box of an item."""
        spans = row.spans
        assert spans
        left, right = self.view.x(int(spans.starts[number])), self.view.x(int(spans.ends[number]))
        top = self.top_of(row) + GAP / 2 + int(spans.lanes[number]) * row.lane_height
        height = row.lane_height - (2 if spans.lane_count > 1 else 0)
        if spans.points[number]:
            left, right = left - POINT_NEAR_PX, right + POINT_NEAR_PX
        left, right = max(left, self.view.left), min(right, self.view.left + self.view.width + 2)
        return QRectF(left, top, max(2.0, right - left - 1), height)

    def places(self, row: Row, numbers: NDArray[np.intp]) -> NDArray[np.float64]:
        """The boxes (x, y, width, height) of those of some items that are in view."""
        spans, view = row.spans, self.view
        assert spans
        part = spans.seen(view.start_ns, view.end_ns)
        seen = numbers[(numbers >= part.start) & (numbers < part.stop)]
        wider = np.where(spans.points[seen], POINT_NEAR_PX, 0)
        left = np.maximum(view.xs(spans.starts[seen]) - wider, view.left - 4)
        right = np.minimum(view.xs(spans.ends[seen]) + wider, view.left + view.width + 4)
        tops = self.top_of(row) + GAP / 2 + spans.lanes[seen] * row.lane_height
        height = row.lane_height - (2 if spans.lane_count > 1 else 0)
        wide = np.maximum(2.0, right - left - 1)
        return np.stack([left + 1, tops + 1, np.maximum(1.0, wide - 2), np.full(len(seen), height - 2)], axis=1)

    def edge_near(self, t_ns: int, besides: AnnotationId) -> int | None:
        """The edge of whatever is shown that lies nearest to a time, not of one item; None where none is near."""
        within, found = SNAP_PX / self.view.per_ns, list[int]()
        for row in self.rows:
            if row.spans is None:
                continue
            own = row.number_of(besides)
            for edges in (row.spans.starts, row.spans.ends):
                distances = np.abs(edges - t_ns)
                if own is not None:
                    distances[own] = 2**62
                found += [int(edges[distances.argmin()])] if len(distances) else []
        near = min(found, key=lambda t: abs(t - t_ns), default=None)
        return near if near is not None and abs(near - t_ns) <= within else None

    def hit(self, x: float, y: float) -> tuple[Row | None, Annotation | None]:
        """The row of a tier and its item at a place; what has no time lies under its sign."""
        row, item = self.item_at(x, y)
        if row is None or row.tier is None:
            return None, None
        if x < HEAD:
            on_badge = bool(row.untimed) and x >= HEAD - BADGE - 4
            return row, row.untimed[0] if on_badge else None
        return row, item if isinstance(item, Annotation) else None

    def item_at(self, x: float, y: float) -> tuple[Row | None, Annotation | Turn | None]:
        """The row, and what lies on it at a place: an annotation or a turn."""
        row = self.rows.at(y - TOP + self.scrolled) if y >= TOP else None
        if row is None or row.spans is None or x < HEAD:
            return row, None
        lane = int((y - self.top_of(row) - GAP / 2) // row.lane_height)
        number = row.spans.at(self.view.t(x), round(POINT_NEAR_PX / self.view.per_ns), max(0, lane))
        return row, row.items[number] if number is not None else None

    def grip(self, x: float, y: float) -> tuple[Row, Annotation, bool] | None:
        """The edge at a place, also a little outside of its segment: row, segment, whether it is the start."""
        for near in (x, x - EDGE_PX, x + EDGE_PX) if x >= HEAD else ():
            row, segment = self.hit(max(HEAD, near), y)
            at_start = self.edge(segment, x) if segment else None
            if row and segment and at_start is not None:
                return row, segment, at_start
        return None

    def edge(self, segment: Annotation, x: float) -> bool | None:
        """Whether x lies on the start (True) or the end (False) of a segment."""
        if segment.end_ns is None or segment.start_ns is None:
            return None
        if abs(x - self.view.x(segment.start_ns)) <= EDGE_PX:
            return True
        return False if abs(x - self.view.x(segment.end_ns)) <= EDGE_PX else None
