"""Whether a key is held down, for keys that mean something else beside it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget


class HeldKey(QObject):
    """Of a widget that has the focus; a shortcut's key is seen as well."""

    def __init__(self, widget: QWidget, key: Qt.Key) -> None:
        super().__init__(widget)
        self._key = key
        self.down = False
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.FocusOut:
            self.down = False
        elif isinstance(event, QKeyEvent) and event.key() == self._key and not event.isAutoRepeat():
            if kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
                self.down = True
            elif kind == QEvent.Type.KeyRelease:
                self.down = False
        return False
