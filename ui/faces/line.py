"""The film's time as a line, with a bar for each track; a click goes there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui.faces.words import colour_of
from ui.theme import colours
from woz.deidentifying.faces import Track

LANES, LANE, GAP = 6, 9, 2
MARGIN = 6


class TrackLine(QWidget):
    """`wanted` carries a frame's number."""

    wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._tracks: Sequence[Track] = ()
        self._frames, self._at, self._chosen = 1, 0, ""
        self.setFixedHeight(LANES * (LANE + GAP) + 2 * MARGIN)
        self.setAccessibleName("The film's time, with a bar for each track")

    def show_tracks(self, tracks: Sequence[Track], frames: int, chosen: str) -> None:
        self._tracks, self._frames, self._chosen = tracks, max(1, frames), chosen
        self.update()

    def show_at(self, number: int) -> None:
        self._at = number
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colours().of("surface"))
        ends = [-1] * LANES
        for track in sorted(self._tracks, key=lambda each: each.first):
            lane = min(range(LANES), key=lambda i: (ends[i] >= track.first, ends[i]))
            ends[lane] = max(ends[lane], track.last)
            left, right = self._x(track.first), self._x(track.last + 1)
            bar = QRectF(left, MARGIN + lane * (LANE + GAP), max(3.0, right - left), LANE)
            painter.fillRect(bar, colours().of(colour_of(track.decision)))
            if track.id == self._chosen:
                painter.setPen(QPen(colours().of("text"), 2))
                painter.drawRect(bar.adjusted(-1, -1, 1, 1))
        painter.setPen(QPen(colours().of("danger"), 2))
        painter.drawLine(round(self._x(self._at)), 0, round(self._x(self._at)), self.height())
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._go(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event)

    def _go(self, event: QMouseEvent) -> None:
        part = (event.position().x() - MARGIN) / max(1, self.width() - 2 * MARGIN)
        self.wanted.emit(min(self._frames - 1, max(0, round(part * self._frames))))

    def _x(self, number: int) -> float:
        return MARGIN + (self.width() - 2 * MARGIN) * number / self._frames
