"""Talks as a table: narrowed by words, in the order in which they are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSortFilterProxyModel, Qt
from PySide6.QtGui import QColor

from ui.theme import colours
from ui.widgets.headed_table import ROOT, HeadedTable, Index
from woz.lab.own_talks import TalkLine

WAITS, OPEN, CLOSED = "waits for you", "open", "closed"


def state_of(line: TalkLine) -> str:
    return WAITS if line.waits else OPEN if line.talk.first.open else CLOSED


@dataclass(frozen=True, slots=True)
class _Column:
    header: str
    width: int
    text: Callable[[TalkLine], str]


COLUMNS = (
    _Column("State", 110, state_of),
    _Column("Session", 170, lambda line: line.session),
    _Column("Where", 180, lambda line: line.talk.place),
    _Column("Who", 60, lambda line: line.by),
    _Column("To", 60, lambda line: line.to),
    _Column("Answers", 80, lambda line: str(len(line.talk.answers) or "")),
    _Column("What", 300, lambda line: line.talk.first.text),
)


class TalkTable(HeadedTable):
    """Asked for what is on the screen only."""

    def __init__(self) -> None:
        super().__init__([column.header for column in COLUMNS])
        self.lines: tuple[TalkLine, ...] = ()

    def show(self, lines: Sequence[TalkLine]) -> None:
        self.beginResetModel()
        self.lines = tuple(lines)
        self.endResetModel()

    def number_of(self, comment_id: str) -> int | None:
        return next((at for at, line in enumerate(self.lines) if line.talk.first.id == comment_id), None)

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | QColor | None:
        if not index.isValid():
            return None
        line = self.lines[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return COLUMNS[index.column()].text(line)
        if role == Qt.ItemDataRole.ForegroundRole and not line.talk.first.open:
            return colours().of("muted")
        return None


class TalkFilter(QSortFilterProxyModel):
    """By all that was said, and all that stands in the table."""

    def __init__(self, model: TalkTable) -> None:
        super().__init__()
        self._model, self._words = model, ""
        self.setSourceModel(model)

    def narrow(self, words: str) -> None:
        self._words = words.casefold().strip()
        self.invalidate()

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        line = self._model.lines[row]
        texts = (*(column.text(line) for column in COLUMNS), *line.said)
        return not self._words or any(self._words in text.casefold() for text in texts)
