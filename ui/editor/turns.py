"""The transcript as a list: a model and a delegate, so that thousands of turns scroll smoothly."""

from __future__ import annotations

from bisect import bisect_right

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.theme import colours
from ui.widgets.parts import clock_text
from woz.document import Document
from woz.session import Role, Turn

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
TURN_ROLE = Qt.ItemDataRole.UserRole
LEFT, PAD = 108, 6


class TurnModel(QAbstractListModel):
    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._turns = document.turns

    def refresh(self) -> None:
        if self._document.turns != self._turns:
            self.beginResetModel()
            self._turns = self._document.turns
            self.endResetModel()

    def turn(self, number: int) -> Turn:
        return self._turns[number]

    def at(self, t_ns: int) -> int | None:
        """The number of the last turn that has begun; None before the first."""
        number = bisect_right(self._turns, t_ns, key=lambda turn: turn.interval.start_ns) - 1
        return number if number >= 0 else None

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._turns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        turn = self._turns[index.row()]
        if role == TURN_ROLE:
            return turn
        return f"{turn.speaker}: {turn.text}" if role == Qt.ItemDataRole.DisplayRole else None


class TurnDelegate(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        turn = index.data(TURN_ROLE)
        c = colours()
        area: QRect = option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        if chosen:
            painter.fillRect(area, c.of("raised"))
        painter.fillRect(area.left(), area.top() + 3, 3, area.height() - 6, c.of(_colour(turn.speaker)))
        inner = area.adjusted(12, PAD, -8, -PAD)
        painter.setPen(c.of("muted"))
        flags = int(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        painter.drawText(inner, flags, f"{clock_text(turn.interval.start_ns)}  {turn.speaker}")
        painter.setPen(c.of("text"))
        painter.drawText(inner.adjusted(LEFT, 0, 0, 0), flags | int(Qt.TextFlag.TextWordWrap), turn.text)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        parent = self.parent()
        width = parent.viewport().width() if isinstance(parent, QListView) else 300
        metrics = option.fontMetrics
        box = metrics.boundingRect(
            QRect(0, 0, max(60, width - LEFT - 20), 10_000),
            int(Qt.TextFlag.TextWordWrap),
            index.data(TURN_ROLE).text,
        )
        return QSize(width, max(box.height(), metrics.height()) + 2 * PAD)


def _colour(speaker: Role) -> str:
    return {Role.TRAINEE: "trainee", Role.EXPERT: "expert"}.get(speaker, "none")
