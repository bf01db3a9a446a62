"""A text that is read, and can be made one to write in; as high as its lines."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy

_FOCUS = Qt.FocusPolicy
_READ, _WRITTEN = 4, 6
"""Around the lines, in pixels: where one reads, and where one writes."""


class TextField(QPlainTextEdit):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.textChanged.connect(self._fit)
        self.set_writing(False)

    def set_writing(self, writing: bool) -> None:
        self.setReadOnly(not writing)
        self.setFocusPolicy(_FOCUS.StrongFocus if writing else _FOCUS.NoFocus)
        self.setProperty("role", "" if writing else "reading")
        self.style().unpolish(self)
        self.style().polish(self)
        self.document().setDocumentMargin(_WRITTEN if writing else _READ)
        self._fit()

    @property
    def top(self) -> int:
        """Pixels above its first line."""
        return int(self.document().documentMargin())

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self._height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setFixedHeight(self._height())

    def _height(self) -> int:
        lines = 0
        block = self.document().firstBlock()
        while block.isValid():
            lines += max(1, block.layout().lineCount())
            block = block.next()
        return lines * self.fontMetrics().lineSpacing() + 2 * self.top
