"""A window's size: the first as wished, or what the screen has room for; higher where its words need more lines."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

FRAME_WIDTH, FRAME_HEIGHT = 8, 40
"""What a window's frame and title usually take, in pixels."""
_ASKS = (QEvent.Type.LayoutRequest, QEvent.Type.Show)


def fit(window: QWidget, width: int, height: int) -> None:
    room = window.screen().availableSize()
    window.resize(min(width, room.width() - FRAME_WIDTH), min(height, room.height() - FRAME_HEIGHT))


def grow_with_words(window: QWidget) -> None:
    """Keep the window as high as all its wrapped words need, so that none of its parts is squeezed."""
    window.installEventFilter(_Growing(window))


class _Growing(QObject):
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _ASKS and isinstance(watched, QWidget):
            _grow(watched)
        return False


def _grow(window: QWidget) -> None:
    layout = window.layout()
    if layout and layout.hasHeightForWidth():
        needed = layout.totalHeightForWidth(window.width())
        if window.height() < needed:
            window.resize(window.width(), needed)
