"""The row of digits as keys, whatever it types: on a French keyboard it types & é " ' ( until Shift is held."""

from __future__ import annotations

import sys
from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

ALONE, ALT, CTRL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
)
_MAC = {18: 1, 19: 2, 20: 3, 21: 4, 23: 5, 22: 6, 26: 7, 28: 8, 25: 9, 29: 0}
_FIRST_SCAN_CODE = 2 if sys.platform == "win32" else 10
"""Of the key 1: of the keyboard itself, and of X11 and Wayland, which count from 8 on."""


def digit_key(event: QKeyEvent, held: Qt.KeyboardModifier = ALONE) -> int | None:
    """Which digit of the row its key is, where it types none; None for another key, or with another one held."""
    if event.modifiers() != held or Qt.Key.Key_0 <= event.key() <= Qt.Key.Key_9:
        return None
    if sys.platform == "darwin":
        return _MAC.get(event.nativeVirtualKey())
    place = event.nativeScanCode() - _FIRST_SCAN_CODE + 1
    return place % 10 if 1 <= place <= 10 else None


class DigitRow(QObject):
    """On a widget, calls `pressed` with the digit where the row types none; the keys' own signs do nothing then,
    and a key that is held repeats nothing. What watches the widget from later on sees the keys before.
    """

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
        if kind == QEvent.Type.KeyPress and not event.isAutoRepeat():
            self._pressed(digit)
        event.accept()
        return True


class DigitActions(QObject):
    """In a window the row's keys do what its actions by digits do: with Alt or Ctrl held, and where `alone`, by
    themselves too unless somebody types.
    """

    def __init__(self, window: QWidget, alone: bool = True) -> None:
        super().__init__(window)
        self._window, self._alone = window, alone
        self._watched: QWidget | None = None
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._follow)
        self._follow(None, QApplication.focusWidget())

    def _follow(self, _: QWidget | None, now: QWidget | None) -> None:
        """Only where the keyboard is."""
        if self._watched is not None and shiboken6.isValid(self._watched):
            self._watched.removeEventFilter(self)
        ours = now is not None and (now is self._window or self._window.isAncestorOf(now))
        self._watched = now if ours else None
        if self._watched is not None:
            self._watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind not in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress) or not isinstance(event, QKeyEvent):
            return False
        found = self._action(watched, event)
        if found is None:
            return False
        if kind == QEvent.Type.KeyPress:
            found.trigger()
        event.accept()
        return True

    def _action(self, watched: QObject, event: QKeyEvent) -> QAction | None:
        typing = isinstance(watched, QLineEdit | QPlainTextEdit | QTextEdit)
        for held in (ALT, CTRL, *((ALONE,) if self._alone and not typing else ())):
            digit = digit_key(event, held)
            if digit is not None:
                wanted = QKeySequence(QKeyCombination(held, Qt.Key(Qt.Key.Key_0 + digit)))
                actions = self._window.actions()
                return next((each for each in actions if each.isEnabled() and wanted in each.shortcuts()), None)
        return None
