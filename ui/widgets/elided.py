"""A line of text that ends in “…” where it has too little room; the whole of it is its tip."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy


class ElidedLabel(QLabel):
    """One that is `whole` always has enough, one that `gives_way` has it as long as there is room."""

    def __init__(self, whole: bool = False, gives_way: bool = False) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "muted")
        self._whole = whole
        if not whole and not gives_way:
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:
        least = super().minimumSizeHint()
        return least if self._whole else QSize(0, least.height())

    @property
    def fits(self) -> bool:
        return self.fontMetrics().horizontalAdvance(self.text()) <= self.contentsRect().width()

    def paintEvent(self, event: QPaintEvent) -> None:
        room = self.contentsRect()
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        with QPainter(self) as painter:
            role, flags = self.foregroundRole(), int(self.alignment())
            self.style().drawItemText(painter, room, flags, self.palette(), self.isEnabled(), shown, role)
