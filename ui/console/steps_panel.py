"""The procedure's steps, the mistakes and their corrections."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QListWidgetItem, QVBoxLayout, QWidget

from ui.theme import GRID, colours, icon
from ui.widgets.parts import button, label, row
from ui.widgets.wrapping import wrapping_list
from woz.live.seats.console_seat import ConsoleStatus
from woz.model.ids import StepId
from woz.model.procedure import Procedure

INDENT = " " * 6


class StepsPanel(QFrame):
    """`began` carries the identifier of the step that begins."""

    began = Signal(str)
    mistake = Signal()
    corrected = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self._title = label("Procedure", "heading", wrap=True)
        self._steps = wrapping_list("Steps of the procedure")
        self._steps.itemClicked.connect(lambda item: self.begin(self._steps.row(item)))
        next_step = button("Next step", "step", "primary")
        next_step.setIcon(icon("step", colours().on_accent))
        next_step.clicked.connect(lambda: self.go(1))
        mistake, self._correct = button("Mistake", "mistake"), button("Corrected", "step")
        mistake.clicked.connect(self.mistake)
        self._correct.clicked.connect(self.corrected)
        self._correct.setEnabled(False)
        self._told: StepId | None = None
        self.controls: list[QWidget] = [next_step, mistake, self._correct]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID, GRID, GRID, GRID)
        for part in (self._title, self._steps, next_step, row(mistake, self._correct)):
            layout.addWidget(part)

    def go(self, by: int) -> None:
        self.begin(self._steps.currentRow() + by)

    def begin(self, index: int) -> None:
        if 0 <= index < self._steps.count():
            self._steps.setCurrentRow(index)
            self.began.emit(self._steps.item(index).data(Qt.ItemDataRole.UserRole))

    def show_procedure(self, procedure: Procedure) -> None:
        self._title.setText(procedure.name)
        self._steps.clear()
        for i, (depth, step) in enumerate(procedure.walk()):
            item = QListWidgetItem(f"{INDENT * depth}{i + 1}   {step.name}")
            item.setData(Qt.ItemDataRole.UserRole, str(step.id))
            self._steps.addItem(item)
        self.show_what_runs()

    def show_what_runs(self) -> None:
        """Choose the step that runs, and no other."""
        self._choose(self._told)

    def _choose(self, step: StepId | None) -> None:
        self._steps.setCurrentRow(-1)
        for index in range(self._steps.count()):
            if self._steps.item(index).data(Qt.ItemDataRole.UserRole) == step:
                self._steps.setCurrentRow(index)

    def show_status(self, status: ConsoleStatus) -> None:
        if status.current_step != self._told:
            self._told = status.current_step
            self._choose(status.current_step)
        self._correct.setEnabled(status.open_mistakes > 0)
        more = f" ({status.open_mistakes})" if status.open_mistakes > 1 else ""
        self._correct.setText(f"Corrected{more}")
