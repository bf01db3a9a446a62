"""Keys without a modifier belong to the text while somebody types."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

_TEXT_FIELDS = (QLineEdit, QPlainTextEdit, QTextEdit)


class SingleKeys(QObject):
    """Switches a window's single-key actions off while a text field has the focus."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._actions: list[QAction] = []
        self.typing = False
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._focus_moved)

    def add(self, *actions: QAction) -> None:
        self._actions += actions

    def _focus_moved(self, before: QWidget | None, now: QWidget | None) -> None:
        self.typing = isinstance(now, _TEXT_FIELDS)
        for single in self._actions:
            single.setEnabled(not self.typing)
