"""A plain table that is filled anew at once, and keeps what is chosen by its first cell."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem


class Listing(QTableWidget):
    """One line is chosen at a time; `chosen` is its first cell, empty for none. Long cells are broken, not cut."""

    def __init__(self, name: str, headers: Sequence[str], stretched: int) -> None:
        """`stretched` is the column that takes what room is left."""
        super().__init__(0, len(headers))
        self.setAccessibleName(name)
        self.setHorizontalHeaderLabels(list(headers))
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.horizontalHeader().setSectionResizeMode(stretched, QHeaderView.ResizeMode.Stretch)
        later = Qt.ConnectionType.QueuedConnection
        self.horizontalHeader().sectionResized.connect(self.resizeRowsToContents, later)

    @property
    def chosen(self) -> str:
        items = self.selectedItems()
        first = self.item(items[0].row(), 0) if items else None
        return first.text() if first else ""

    def fill(self, lines: Sequence[Sequence[str]]) -> None:
        """The line that was chosen stays so; the first one where it is gone."""
        was = self.chosen
        self.setRowCount(len(lines))
        for at, cells in enumerate(lines):
            for column, text in enumerate(cells):
                made = QTableWidgetItem(text)
                made.setToolTip(text if len(text) > 24 else "")
                self.setItem(at, column, made)
        self.resizeRowsToContents()
        names = [cells[0] for cells in lines]
        self.clearSelection()
        if lines:
            self.selectRow(names.index(was) if was in names else 0)
