"""Procedure and scenario of the form."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from ui.widgets.entering import steady
from ui.widgets.parts import label, panel
from woz.model.ids import ProcedureId, new_id
from woz.model.procedure import Procedure
from woz.procedures.outline import outline_of, steps_from_outline

NEW = "New procedure …"


class TaskCard(QWidget):
    """A procedure that is known, or a new one of a name and steps, one a line."""

    changed = Signal()

    def __init__(self, chosen: Procedure, known: Sequence[Procedure], scenario: str) -> None:
        super().__init__()
        self._procedures = list({p.id: p for p in (chosen, *known)}.values())
        self._new_id = ProcedureId(new_id())
        self._pick = QComboBox()
        self._pick.addItems([*(procedure.name for procedure in self._procedures), NEW])
        self._name, self._steps, self._scenario = QLineEdit(), QPlainTextEdit(), QPlainTextEdit(scenario)
        self._build()
        steady(self)
        self._pick.currentIndexChanged.connect(self._show_chosen)
        self._name.textChanged.connect(self.changed)
        self._show_chosen()

    @property
    def procedure(self) -> Procedure:
        known = self._chosen
        steps = steps_from_outline(self._steps.toPlainText())
        return known or Procedure(self._new_id, self._name.text().strip(), steps)

    @property
    def scenario(self) -> str:
        return self._scenario.toPlainText().strip()

    @property
    def _chosen(self) -> Procedure | None:
        at = self._pick.currentIndex()
        return self._procedures[at] if at < len(self._procedures) else None

    def _show_chosen(self) -> None:
        known = self._chosen
        self._name.setVisible(known is None)
        self._steps.setReadOnly(known is not None)
        self._steps.setPlainText(outline_of(known).rstrip("\n") if known else "")
        self._steps.setPlaceholderText(
            "This procedure has no steps." if known else "Steps, one a line, parts further in"
        )
        self.changed.emit()

    def _build(self) -> None:
        self._name.setPlaceholderText("Name of the procedure")
        self._scenario.setPlaceholderText("What the session is about, what lies ready, what the trainee was told")
        self._steps.setMinimumHeight(72)
        self._scenario.setMinimumHeight(56)
        for widget, name in (
            (self._pick, "Procedure"),
            (self._name, "Name of the new procedure"),
            (self._steps, "Steps, one a line"),
            (self._scenario, "Scenario"),
        ):
            widget.setAccessibleName(name)
        for text in (self._steps, self._scenario):
            text.setTabChangesFocus(True)
        parts = (label("Procedure", "heading"), self._pick, self._name, self._steps, label("Scenario", "heading"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(panel(*parts, self._scenario))
