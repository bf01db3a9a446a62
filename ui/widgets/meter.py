"""A level meter in dBFS."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import colours

FLOOR_DB, HOT_DB, CLIP_DB = -60.0, -9.0, -1.0


class Meter(QWidget):
    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._db = FLOOR_DB
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(120, 12)

    def set_level(self, db: float) -> None:
        self._db = db
        self.setToolTip(f"{db:.0f} dBFS")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(0, 0, 0, 0))
        bar = QRectF(0, 0, self.width(), self.height())
        painter.setBrush(colours().of("raised"))
        painter.drawRoundedRect(bar, 4, 4)
        part = min(max((self._db - FLOOR_DB) / -FLOOR_DB, 0.0), 1.0)
        name = "danger" if self._db > CLIP_DB else "warning" if self._db > HOT_DB else "success"
        painter.setBrush(colours().of(name))
        if part > 0.01:
            painter.drawRoundedRect(QRectF(0, 0, bar.width() * part, bar.height()), 4, 4)
        painter.end()
