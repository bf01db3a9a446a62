"""Two columns that stand beside each other where there is room, else one below the other; all of it scrolls."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QScrollArea, QWidget

from ui.theme import GRID

_WAYS = QBoxLayout.Direction


class Columns(QScrollArea):
    def __init__(self, left: QWidget, right: QWidget) -> None:
        super().__init__()
        self._columns = (left, right)
        body = QWidget()
        self._layout = QBoxLayout(_WAYS.LeftToRight, body)
        self._layout.setContentsMargins(0, 0, GRID, 0)
        self._layout.setSpacing(GRID * 2)
        for column in self._columns:
            self._layout.addWidget(column, 1)
            column.installEventFilter(self)
        self.setWidget(body)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)

    @property
    def beside(self) -> bool:
        return self._layout.direction() == _WAYS.LeftToRight

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A column that needs more room than before may go below."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._arrange()
        return super().eventFilter(watched, event)

    def _arrange(self) -> None:
        needed = sum(column.minimumSizeHint().width() for column in self._columns) + GRID * 3
        way = _WAYS.LeftToRight if self.viewport().width() >= needed else _WAYS.TopToBottom
        if way != self._layout.direction():
            self._layout.setDirection(way)
