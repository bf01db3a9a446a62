"""What the expert does, for the operator: the step that runs, the marks set last, and how many of each."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.widgets.log_panel import deed_words
from ui.widgets.parts import clock_text, label, panel
from woz.live.seats.expert_log import ExpertLog, counts
from woz.model.events import Event, EventKind
from woz.model.procedure import Procedure

LAST = 4


class ExpertStrip(QWidget):
    def __init__(self, procedure: Procedure) -> None:
        super().__init__()
        self._procedure, self._log = procedure, ExpertLog()
        self._step, self._marks = label("", "heading", wrap=True), label("", "muted", wrap=True)
        self._step.setAccessibleName("The expert's step")
        self._marks.setAccessibleName("The expert's marks")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(panel(self._step, self._marks))
        self._show()

    @property
    def words(self) -> str:
        return f"{self._step.text()}\n{self._marks.text()}"

    def take(self, event: Event) -> None:
        self._log.add(event)
        self._show()

    def show_procedure(self, procedure: Procedure) -> None:
        self._procedure = procedure
        self._show()

    def _show(self) -> None:
        steps = [step for _, step in self._procedure.walk()]
        at = next((i for i, s in enumerate(steps) if self._log.step and s.id == self._log.step[1]), None)
        running = (
            "The expert has begun no step" if at is None else f"Step {at + 1} of {len(steps)}: {steps[at].name}"
        )
        self._step.setText(running)
        deeds = [deed for deed in self._log.deeds if deed.kind != EventKind.STEP]
        last = [f"{clock_text(deed.t_ns)} {deed_words(deed)}" for deed in reversed(deeds[-LAST:])]
        often = [f"{name} × {count}" for name, count in counts(deeds).items()]
        parts = [" · ".join(part) for part in (last, often) if part]
        self._marks.setText("\n".join(parts) or "No marks yet")
