"""Lists whose long entries are broken into lines instead of being cut."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtWidgets import QListWidget, QStyledItemDelegate, QStyleOptionViewItem

PADDING_X, PADDING_Y = 22, 12
"""What the style sheet's padding and the frame of the focus take of an entry, in pixels."""


class _Whole(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        shown = self.parent()
        assert isinstance(shown, QListWidget)
        room = QRect(0, 0, max(40, shown.viewport().width() - PADDING_X), 10_000)
        flags = int(Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere)
        text = shown.fontMetrics().boundingRect(room, flags, str(index.data() or ""))
        return QSize(shown.viewport().width(), text.height() + PADDING_Y)


def wrapping_list(name: str) -> QListWidget:
    """A list for the mouse alone, its keys being the window's; `name` is what a screen reader says."""
    made = QListWidget()
    made.setAccessibleName(name)
    made.setWordWrap(True)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    made.setResizeMode(QListWidget.ResizeMode.Adjust)
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    made.setItemDelegate(_Whole(made))
    return made
