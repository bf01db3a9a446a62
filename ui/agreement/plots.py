"""How far boundaries lie apart: a bar for each tenth of a second, starts above and ends below."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.theme import GRID, colours
from woz.base.counts import counted

BIN_NS, MOST = 100_000_000, 20
"""Bars of 0.1 s, to 2 s on both sides; what is further apart stands in the last ones."""


class OffsetPlot(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[tuple[str, Counter[int]]] = ()
        self._earlier = self._later = ""
        self.setMinimumHeight(160)
        self.setAccessibleName("How far boundaries lie apart")

    def sizeHint(self) -> QSize:
        return QSize(300, 180)

    def show_offsets(self, one: str, starts: Sequence[int], ends: Sequence[int]) -> None:
        """In ns, how much later the first one's are."""
        self._rows = (("starts", _bars(starts)), ("ends", _bars(ends)))
        self._earlier, self._later = f"{one} earlier", f"{one} later"
        self.setAccessibleDescription("; ".join(self._words(*row) for row in self._rows))
        self.update()

    def _words(self, name: str, bars: Counter[int]) -> str:
        """As "3 starts: 2 alike, A02 earlier 1, A02 later 0", what lies in the middle bar being alike."""
        earlier, later = (sum(n for at, n in bars.items() if at * way > 0) for way in (-1, 1))
        total = counted(bars.total(), name.removesuffix("s"))
        return f"{total}: {bars[0]} alike, {self._earlier} {earlier}, {self._later} {later}"

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colours().of("surface"))
        height = (self.height() - 3 * GRID - 20) / 2
        for at, (name, bars) in enumerate(self._rows):
            self._row(painter, name, bars, GRID + at * (height + GRID), height)
        painter.setPen(colours().of("muted"))
        below = self.height() - 6
        painter.drawText(GRID, below, f"← {self._earlier}, 2 s")
        text = f"2 s, {self._later} →"
        painter.drawText(self.width() - GRID - painter.fontMetrics().horizontalAdvance(text), below, text)

    def _row(self, painter: QPainter, name: str, bars: Counter[int], top: float, height: float) -> None:
        width = (self.width() - 2 * GRID) / (2 * MOST + 1)
        highest = max(bars.values(), default=1)
        painter.setPen(colours().of("border"))
        middle = round(self.width() / 2)
        painter.drawLine(middle, round(top), middle, round(top + height))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours().of("accent"))
        for place, count in bars.items():
            tall = (height - 4) * count / highest
            left = GRID + (place + MOST) * width
            painter.drawRect(QRectF(left + 1, top + height - tall, max(1.0, width - 2), tall))
        painter.setPen(colours().of("text"))
        painter.drawText(GRID, round(top + 14), f"{name} ({bars.total()})")


def _bars(offsets: Sequence[int]) -> Counter[int]:
    return Counter(min(MOST, max(-MOST, round(each / BIN_NS))) for each in offsets)
