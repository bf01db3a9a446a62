"""The list of turns: a word that is clicked is told, a double click opens the turn's text there."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QListView

from ui.editor.turns import TurnDelegate


class TurnList(QListView):
    """`word_clicked` tells row and word (-1 beside the text); `opened` the same, for a double click."""

    word_clicked = Signal(int, int)
    opened = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Transcript")
        self.setUniformItemSizes(False)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self._tell(event, self.word_clicked)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._tell(event, self.opened)

    def _tell(self, event: QMouseEvent, signal: object) -> None:
        point = event.position()
        index: QModelIndex = self.indexAt(point.toPoint())
        delegate = self.itemDelegate()
        if index.isValid() and isinstance(delegate, TurnDelegate):
            word = delegate.word_at(index, point.x(), point.y())
            signal.emit(index.row(), -1 if word is None else word)  # type: ignore[attr-defined]

    def keyboardSearch(self, search: str) -> None:
        """Letters are commands here."""
