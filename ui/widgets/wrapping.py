"""Lists whose long entries are broken into lines instead of being cut."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtWidgets import QListWidget, QStyledItemDelegate, QStyleOptionViewItem

PADDING_X, PADDING_Y, SIGN_X = 22, 12, 16
"""What the style sheet's padding and the frame of the focus take of an entry, and a sign besides, in pixels."""


class _Whole(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        shown = self.parent()
        assert isinstance(shown, QListWidget)
        sign = 0 if index.data(Qt.ItemDataRole.DecorationRole) is None else option.decorationSize.width() + SIGN_X
        room = QRect(0, 0, max(40, shown.viewport().width() - PADDING_X - sign), 10_000)
        flags = int(Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere)
        text = shown.fontMetrics().boundingRect(room, flags, str(index.data() or ""))
        return QSize(shown.viewport().width(), text.height() + PADDING_Y)


def wrapping_list(name: str, by_keys: bool = False) -> QListWidget:
    """A list for the mouse alone, its keys being the window's, unless it is to be gone through `by_keys`; `name` is
    what a screen reader says.
    """
    made = QListWidget()
    made.setAccessibleName(name)
    made.setWordWrap(True)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    made.setResizeMode(QListWidget.ResizeMode.Adjust)
    if not by_keys:
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    made.setItemDelegate(_Whole(made))
    return made
