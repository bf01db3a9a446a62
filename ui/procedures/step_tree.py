"""The steps of a procedure as a tree."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem

from woz.model.ids import StepId
from woz.model.procedure import Procedure, Step

_ID = Qt.ItemDataRole.UserRole
_CHOOSE = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows


class StepTree(QTreeWidget):
    """`chosen` carries the identifier of the step that was chosen; empty for none."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setHeaderHidden(True)
        self.setAccessibleName("Steps")
        self.setIndentation(20)
        self.setUniformRowHeights(True)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.currentItemChanged.connect(lambda *_: self.chosen.emit(self.current or ""))

    @property
    def current(self) -> StepId | None:
        item = self.currentItem()
        return StepId(item.data(0, _ID)) if item else None

    def show_procedure(self, procedure: Procedure, chosen: StepId | None) -> None:
        """All of it unfolded; the chosen step stays so without being told."""
        self.blockSignals(True)
        self.clear()
        items: dict[StepId, QTreeWidgetItem] = {}
        for number, (_, step) in enumerate(procedure.walk(), 1):
            above = items.get(step.parent_id) if step.parent_id else None
            item = QTreeWidgetItem(above) if above else QTreeWidgetItem(self)
            item.setText(0, step_words(step, number))
            item.setToolTip(0, step.description or step.name)
            item.setData(0, _ID, str(step.id))
            items[step.id] = item
        self.setRootIsDecorated(any(step.parent_id for step in procedure.steps))
        self.expandAll()
        if chosen in items:
            self.setCurrentItem(items[chosen], 0, _CHOOSE)
        self.blockSignals(False)

    def choose(self, step_id: StepId) -> None:
        for item in self.findItems("", Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive):
            if item.data(0, _ID) == step_id:
                self.setCurrentItem(item, 0, _CHOOSE)


def step_words(step: Step, number: int) -> str:
    marks = [word for word, holds in (("optional", step.optional), ("repeatable", step.repeatable)) if holds]
    return f"{number}   {step.name}" + (f"   ({', '.join(marks)})" if marks else "")
