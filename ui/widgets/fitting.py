"""A window's first size: as wished, or what the screen has room for."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

FRAME_WIDTH, FRAME_HEIGHT = 8, 40
"""What a window's frame and title usually take, in pixels."""


def fit(window: QWidget, width: int, height: int) -> None:
    room = window.screen().availableSize()
    window.resize(min(width, room.width() - FRAME_WIDTH), min(height, room.height() - FRAME_HEIGHT))
