"""The row of digits as keys, whatever it types: on a French keyboard it types & é " ' ( until Shift is held."""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

_MAC = {18: 1, 19: 2, 20: 3, 21: 4, 23: 5, 22: 6, 26: 7, 28: 8, 25: 9}
_FIRST_SCAN_CODE = 2 if sys.platform == "win32" else 10
"""Of the key 1: of the keyboard itself, and of X11 and Wayland, which count from 8 on."""


def digit_key(event: QKeyEvent) -> int | None:
    """Which key of the row from 1 to 9 it is, where it types no digit; None for another, or with another held."""
    plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
    if not plain or Qt.Key.Key_0 <= event.key() <= Qt.Key.Key_9:
        return None
    if sys.platform == "darwin":
        return _MAC.get(event.nativeVirtualKey())
    place = event.nativeScanCode() - _FIRST_SCAN_CODE + 1
    return place if 1 <= place <= 9 else None


class DigitRow(QObject):
    """On a widget, calls `pressed` with the digit where the row types none; the keys' own signs do nothing then."""

    def __init__(self, watched: QObject, pressed: Callable[[int], object]) -> None:
        super().__init__(watched)
        self._pressed = pressed
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind not in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress) or not isinstance(event, QKeyEvent):
            return False
        digit = digit_key(event)
        if digit is None:
            return False
        if kind == QEvent.Type.KeyPress:
            self._pressed(digit)
        event.accept()
        return True
