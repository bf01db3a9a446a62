"""What the annotator will see: a lane for each tier with pieces in the labels' colours, and the keys below it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.schemes.draft import Draft
from ui.theme import GRID, colours
from woz.model.scheme import Cover, Label, Shape, TierType

LANE, KEYS, NAME_WIDTH = 26, 24, 130
MOST_PIECES = 9
DARK_TEXT, LIGHT_TEXT = "#10131a", "#ffffff"


def text_on(colour: str) -> QColor:
    """Dark or light, whichever is read better on a colour."""
    made = QColor(colour)
    light = 0.299 * made.red() + 0.587 * made.green() + 0.114 * made.blue()
    return QColor(DARK_TEXT if light > 140 else LIGHT_TEXT)


class Preview(QWidget):
    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self._draft = draft
        self.setAccessibleName("What the annotator will see")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        draft.changed.connect(self._changed)
        self._changed()

    def sizeHint(self) -> QSize:
        return QSize(600, max(1, len(self._draft.scheme.tier_types)) * (LANE + KEYS + GRID) + GRID)

    def _changed(self) -> None:
        names = [f"{each.name()}: {', '.join(map(_words, each.offered))}" for each in self._draft.scheme.tier_types]
        self.setAccessibleDescription("; ".join(names))
        self.setFixedHeight(self.sizeHint().height())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        y = GRID // 2
        for tier_type in self._draft.scheme.tier_types:
            chosen = tier_type.key == self._draft.type_key
            painter.setPen(colours().of("text" if chosen else "muted"))
            name = painter.fontMetrics().elidedText(
                tier_type.name(), Qt.TextElideMode.ElideRight, NAME_WIDTH - GRID
            )
            painter.drawText(QRectF(0, y, NAME_WIDTH, LANE), Qt.AlignmentFlag.AlignVCenter, name)
            lane = QRectF(NAME_WIDTH, y, self.width() - NAME_WIDTH, LANE)
            painter.fillRect(lane, colours().of("raised"))
            self._paint_pieces(painter, tier_type, lane)
            self._paint_keys(painter, tier_type, QRectF(NAME_WIDTH, y + LANE, lane.width(), KEYS))
            y += LANE + KEYS + GRID
        painter.end()

    def _paint_pieces(self, painter: QPainter, tier_type: TierType, lane: QRectF) -> None:
        labels = tier_type.offered[:MOST_PIECES]
        if not labels:
            return
        width = lane.width() / max(len(labels), 4)
        gap = 0 if tier_type.cover == Cover.PARTITION else width * 0.15
        for number, label in enumerate(labels):
            left = lane.left() + number * width
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(label.colour))
            if tier_type.shape == Shape.POINT:
                painter.drawEllipse(QRectF(left + width / 2 - 6, lane.center().y() - 6, 12, 12))
                continue
            box = QRectF(left, lane.top() + 2, width - gap - 1, lane.height() - 4)
            painter.drawRoundedRect(box, 3, 3)
            painter.setPen(text_on(label.colour))
            name = painter.fontMetrics().elidedText(label.name(), Qt.TextElideMode.ElideRight, int(box.width()) - 8)
            painter.drawText(box.adjusted(4, 0, -4, 0), Qt.AlignmentFlag.AlignVCenter, name)

    def _paint_keys(self, painter: QPainter, tier_type: TierType, room: QRectF) -> None:
        painter.setPen(colours().of("muted"))
        text = "   ".join(_words(each) for each in tier_type.offered if each.shortcut)
        if tier_type.labels_from:
            text = f"the procedure's steps   {text}"
        metrics: QFontMetrics = painter.fontMetrics()
        painter.drawText(
            room,
            Qt.AlignmentFlag.AlignVCenter,
            metrics.elidedText(text or "no label with a key yet", Qt.TextElideMode.ElideRight, int(room.width())),
        )


def _words(label: Label) -> str:
    return f"{label.shortcut.upper()} {label.name()}" if label.shortcut else label.name()
