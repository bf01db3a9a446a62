"""What lies between the figures of those who judge and full agreement: what they judged otherwise."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ui.questions.curating import Asked
from ui.questions.words import NAMES, TASKS
from ui.theme import GRID
from ui.widgets.fitting import fit
from ui.widgets.parts import clock_text, label
from woz.dataset.review.agreement import Agreement, Apart
from woz.model.ids import AnnotatorId, QuestionId
from woz.model.review import ReviewTask

COLUMNS = ("Judged", "Question", "Session", "Time", "Who said what", "Raw", "Fleiss' kappa", "Gwet's AC1")
TOLD = (
    "Each takes so much from the figure: raw agreement, kappa and AC1 are 1 less the sum of their columns, by task."
    " Enter opens one that is still to be settled."
)


class ApartDialog(QDialog):
    """`asked_for` tells the question set that somebody wants to see."""

    asked_for = Signal(str)

    def __init__(
        self,
        agreement: Mapping[ReviewTask, Agreement],
        asked: Mapping[QuestionId, Asked],
        names: Mapping[str, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("What they judged otherwise")
        fit(self, 1000, 560)
        self._rows = [(task, each) for task, found in agreement.items() for each in found.apart]
        self.table = QTableWidget(len(self._rows), len(COLUMNS))
        self.table.setAccessibleName("Question sets that people judged otherwise")
        self.table.setHorizontalHeaderLabels(list(COLUMNS))
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        for at, (task, each) in enumerate(self._rows):
            where = _where(asked.get(each.question_id))
            told = (TASKS[task], *where, said(each, names))
            shares = ("–" if share is None else f"{share:.3f}" for share in (each.raw, each.kappa, each.ac1))
            for column, text in enumerate((*told, *shares)):
                self.table.setItem(at, column, QTableWidgetItem(text))
        self.table.cellActivated.connect(self._ask)
        layout = QVBoxLayout(self)
        layout.setSpacing(GRID)
        layout.addWidget(label(TOLD if self._rows else "All who judged the same agree.", "muted", wrap=True))
        layout.addWidget(self.table, 1)
        self.table.setCurrentCell(0, 0)

    def _ask(self, at: int, _: int) -> None:
        self.asked_for.emit(self._rows[at][1].question_id)
        self.accept()


def _where(of: Asked | None) -> tuple[str, str, str]:
    return (of.text, of.session, clock_text(of.at_ns)) if of else ("?", "", "")


def said(each: Apart, names: Mapping[str, str]) -> str:
    """As "A02 Acceptable, A03 Discard"."""
    return ", ".join(f"{_name(names, by)} {NAMES[verdict]}" for by, verdict in each.verdicts)


def _name(names: Mapping[str, str], by: AnnotatorId) -> str:
    return names.get(str(by), "?")
