"""The list of turns: a word that is clicked is told, a double click opens the turn's text there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QFocusEvent, QMouseEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyleOptionViewItem

from ui.editor.turns import Index, TurnDelegate

FEW = 50


class TurnList(QListView):
    """`word_clicked` tells row and word (-1 beside the text); `opened` the same, for a double click; `focused`
    whether the keyboard is here now.
    """

    word_clicked = Signal(int, int)
    opened = Signal(int, int)
    focused = Signal(bool)

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
        self._laid_width = 0
        """Of the viewport, as all rows are laid out; 0 where they aren't."""

    def sizeHint(self) -> QSize:
        """Little: it takes the room that is left, and what stands below it isn't squeezed for it."""
        return QSize(super().sizeHint().width(), self.minimumHeight())

    def doItemsLayout(self) -> None:
        """Not before the list is seen: Qt would lay out all rows at each change of size on the way there."""
        self._laid_width = self.viewport().width() if self.isVisible() else 0
        if self._laid_width:
            super().doItemsLayout()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._laid_width != self.viewport().width():
            self.scheduleDelayedItemsLayout()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lines fall as the width has them: with another height alone nothing is laid out anew."""
        QAbstractItemView.resizeEvent(self, event)
        if self._laid_width != self.viewport().width():
            self.scheduleDelayedItemsLayout()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focused.emit(False)

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

    def dataChanged(self, first: Index, last: Index, roles: Sequence[int] = ()) -> None:
        """Rows that stay as high are only painted anew; else Qt lays out all of a long list."""
        rows = range(first.row(), last.row() + 1)
        if len(rows) <= FEW and not QAccessible.isActive() and all(map(self._fits, rows)):
            self.viewport().update()
        else:
            super().dataChanged(first, last, list(roles))

    def _fits(self, number: int) -> bool:
        index, option = self.model().index(number, 0), QStyleOptionViewItem()
        self.initViewItemOption(option)
        return self.itemDelegate().sizeHint(option, index).height() == self.visualRect(index).height()

    def keyboardSearch(self, search: str) -> None:
        """Letters are commands here."""
