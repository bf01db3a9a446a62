"""What keeping a scheme would do to what was annotated, before it is done."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QDialog, QListWidget, QPushButton, QVBoxLayout, QWidget

from ui.theme import GRID
from ui.widgets.parts import button, label, row
from woz.lab.scheme_words import planned_words
from woz.lab.schemes import Planned


class KeepDialog(QDialog):
    """Accepted where it is to be kept; `moving` is whether tiers move on to it."""

    def __init__(self, plan: Planned, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("A new version")
        headline, *lines = planned_words(plan)
        self.list = QListWidget()
        self.list.setAccessibleName("What happens to annotations")
        self.list.setWordWrap(True)
        self.list.addItems(lines)
        self.list.setVisible(bool(lines))
        self._moving = QCheckBox("Move the tiers on to it now (one edit a session, which can be undone)")
        self._moving.setChecked(True)
        self._moving.setVisible(plan.moving > 0)
        self.keep = button(f"Keep as version {plan.scheme.version}", "step", "primary")
        self.keep.clicked.connect(self.accept)
        self.keep.setDefault(True)
        leaving = QPushButton("Go on changing")
        leaving.setAutoDefault(False)
        leaving.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID * 2)
        layout.addWidget(label(headline, "title", wrap=True))
        for widget in (self.list, self._moving, row(leaving, self.keep)):
            layout.addWidget(widget)
        self.resize(560, 360 if lines else 160)

    @property
    def moving(self) -> bool:
        return self._moving.isChecked()
