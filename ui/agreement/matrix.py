"""The confusion matrix of segments: what the one calls so, the other calls so; each cell opens its list."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from ui.theme import colours
from woz.lab.agreement_report import Report

NOTHING = "nothing"


class Matrix(QTableWidget):
    """`asked` tells the labels of a cell, the first annotator's and the second's; empty for nothing."""

    asked = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._labels: tuple[str, ...] = ()
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setAccessibleName("Confusion matrix")
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.cellClicked.connect(self._ask)
        self.cellActivated.connect(self._ask)

    def show_report(self, report: Report) -> None:
        self._labels = (*report.labels, "")
        names = [report.name(each) if each else NOTHING for each in self._labels]
        self.setRowCount(len(names))
        self.setColumnCount(len(names))
        self.setVerticalHeaderLabels([f"{report.pair.one}: {name}" for name in names])
        self.verticalHeader().setAccessibleName(f"What {report.pair.one} calls it")
        self.horizontalHeader().setAccessibleName(f"What {report.pair.other} calls it")
        self.setHorizontalHeaderLabels([f"{report.pair.other}: {name}" for name in names])
        highest = max(report.confusion.values(), default=1)
        for row, one in enumerate(self._labels):
            for column, other in enumerate(self._labels):
                self.setItem(row, column, _cell(report.confusion[one, other], highest, one == other))

    def _ask(self, row: int, column: int) -> None:
        self.asked.emit(self._labels[row], self._labels[column])


def _cell(count: int, highest: int, same: bool) -> QTableWidgetItem:
    made = QTableWidgetItem(str(count) if count else "")
    made.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
    if count:
        shade = QColor(colours().of("success" if same else "danger"))
        shade.setAlpha(40 + round(120 * count / highest))
        made.setBackground(shade)
    return made
