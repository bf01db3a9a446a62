"""Asks how sure proposals must be that are taken all at once, and says before how many these are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFormLayout, QSpinBox, QVBoxLayout, QWidget

from ui.theme import GRID
from ui.widgets.entering import steady
from ui.widgets.parts import button, label, row
from woz.base.counts import counted
from woz.model.annotation import Annotation

USUAL = 90
Takable = Callable[[float], tuple[Sequence[Annotation], int]]
"""Gives those that would be taken, and how many find no room, for how sure they must be (0..1)."""


class TakeAllDialog(QDialog):
    """`least` is how sure they must be (0..1)."""

    def __init__(self, parent: QWidget | None, of: str, takable: Takable) -> None:
        super().__init__(parent)
        self.setWindowTitle("Take proposals")
        self._takable = takable
        self.least_field = QSpinBox()
        self.least_field.setRange(0, 100)
        self.least_field.setSingleStep(5)
        self.least_field.setSuffix(" %")
        self.least_field.setValue(USUAL)
        self.least_field.setAccessibleName("At least so sure")
        self.count = label("", "heading", wrap=True)
        self.crowded = label("", "muted", wrap=True)
        self._take, leave = button("Take them", "check", "primary"), button("Cancel", "stop")
        self._take.clicked.connect(self.accept)
        leave.clicked.connect(self.reject)
        form = QFormLayout()
        form.addRow("At least so sure", self.least_field)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID * 2)
        layout.addWidget(label(of, "title", wrap=True))
        layout.addLayout(form)
        for widget in (self.count, self.crowded, row(leave, self._take)):
            layout.addWidget(widget)
        self.setMinimumWidth(420)
        self._take.setDefault(True)
        steady(self)
        self.least_field.valueChanged.connect(self._show)
        self._show()
        self.least_field.setFocus(Qt.FocusReason.OtherFocusReason)

    @classmethod
    def ask(cls, parent: QWidget | None, of: str, takable: Takable) -> float | None:
        dialog = cls(parent, of, takable)
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        least = dialog.least
        dialog.deleteLater()
        return least if accepted else None

    @property
    def least(self) -> float:
        return self.least_field.value() / 100

    def _show(self) -> None:
        found, crowded = self._takable(self.least)
        count = len(found)
        self.count.setText(
            f"{counted(count, 'proposal')} will be taken, as one edit" if count else "No proposal is as sure"
        )
        self.crowded.setText(
            f"{crowded} more stay, since your tier has something else at their place." if crowded else ""
        )
        self.crowded.setVisible(bool(crowded))
        self._take.setEnabled(count > 0)
