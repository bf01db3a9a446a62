"""What became of one item: each edit of it, who made it and when, and what it changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QDateTime, QLocale, QTimeZone, Signal, SignalInstance
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ui.theme import GRID, colours
from ui.widgets.parts import Banner, button, label, row

COLUMNS = ("When", "Who", "What", "Changed")
CHANGED = 3


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """An edit as it is listed; `changes` are in words, one a field; `start_ns` is where the item stood after it."""

    edit_id: int
    utc_ns: int
    who: str
    what: str
    changes: tuple[str, ...]
    why: str = ""
    undone: bool = False
    start_ns: int | None = None


class HistoryDialog(QDialog):
    """Lists edits, the newest first. Changes nothing: it says which edit is to be looked at, or taken back."""

    looked = Signal(int)
    taken_back = Signal(int)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("History of this item")
        self._title = label(title, "title", wrap=True)
        self._banner = Banner()
        self._list = QTreeWidget()
        self._list.setAccessibleName("Edits of this item")
        self._details = label("", "muted", wrap=True)
        self._details.setAccessibleName("What the chosen edit changed")
        self._look = button("Look at this time", "play")
        self._take_back = button("Take this back", "undo")
        self._lines: list[HistoryLine] = []
        self._build()
        self._list.currentItemChanged.connect(self._judge)
        self._look.clicked.connect(lambda: self._tell(self.looked))
        self._take_back.clicked.connect(lambda: self._tell(self.taken_back))
        self._judge()

    def show_lines(self, lines: Sequence[HistoryLine]) -> None:
        """The edits, oldest first; the chosen one stays chosen."""
        kept = self._chosen.edit_id if self._chosen else None
        self._lines = list(reversed(lines))
        self._list.clear()
        entries = [_entry(line) for line in self._lines]
        self._list.addTopLevelItems(entries)
        numbers = [line.edit_id for line in self._lines]
        if self._lines:
            self._list.setCurrentItem(entries[numbers.index(kept) if kept in numbers else 0])
        self._judge()

    def tell(self, text: str) -> None:
        self._banner.tell(text)

    @property
    def _chosen(self) -> HistoryLine | None:
        number = self._list.currentIndex().row()
        return self._lines[number] if 0 <= number < len(self._lines) else None

    def _tell(self, signal: SignalInstance) -> None:
        if self._chosen:
            signal.emit(self._chosen.edit_id)

    def _build(self) -> None:
        self._list.setHeaderLabels(COLUMNS)
        self._list.setRootIsDecorated(False)
        self._list.setAlternatingRowColors(True)
        self._list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._list.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self._list.header().setSectionResizeMode(CHANGED, QHeaderView.ResizeMode.Stretch)
        self._list.header().setStretchLastSection(False)
        self._list.header().setAccessibleName("Columns")
        closing = button("Close", "check")
        closing.clicked.connect(self.reject)
        for each in (closing, self._look, self._take_back):
            each.setAutoDefault(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID * 2)
        for widget in (
            self._title,
            self._banner,
            self._list,
            self._details,
            row(self._look, self._take_back, closing),
        ):
            layout.addWidget(widget)
        self.resize(860, 420)

    def _judge(self) -> None:
        chosen = self._chosen
        self._look.setEnabled(chosen is not None)
        self._take_back.setEnabled(chosen is not None and not chosen.undone)
        why = [f"Why: {chosen.why}"] if chosen and chosen.why else []
        self._details.setText("\n".join([*chosen.changes, *why]) if chosen else "")


def _entry(line: HistoryLine) -> QTreeWidgetItem:
    when = QDateTime.fromMSecsSinceEpoch(line.utc_ns // 1_000_000, QTimeZone.systemTimeZone())
    what = f"{line.what} (taken back)" if line.undone else line.what
    text = QLocale().toString(when, QLocale.FormatType.ShortFormat)
    made = QTreeWidgetItem([text, line.who, what, "; ".join(line.changes)])
    for column in range(len(COLUMNS)):
        if line.undone:
            made.setForeground(column, colours().of("muted"))
    return made
