"""Asks why a tier is returned, and what is to be said of which times."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from ui.theme import GRID
from ui.widgets.parts import button, label, row
from woz.base.errors import WozError
from woz.lab.returning import Remark, remarks_of


class ReturnDialog(QDialog):
    """Accepted with a reason; `remarks` may be none."""

    def __init__(self, tier: str, whose: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Return the work")
        self.resize(560, 420)
        self.why, self._remarks = QLineEdit(), QPlainTextEdit()
        self.why.setPlaceholderText("Why, in a sentence")
        self.why.setAccessibleName("Why it is returned")
        self._remarks.setPlaceholderText("61.5 Too late: the screw is tight before that\n2:10 Which step is this?")
        self._remarks.setAccessibleName("A remark a line: a time and what is said of it")
        self._remarks.setTabChangesFocus(True)
        self._said = label("", "muted", wrap=True)
        self.remarks: tuple[Remark, ...] = ()
        self.go = button("Return it", "undo", "primary")
        self.go.setDefault(True)
        self.go.clicked.connect(self._finish)
        leave = button("Cancel", "stop")
        leave.setAutoDefault(False)
        leave.clicked.connect(self.reject)
        self.why.textChanged.connect(lambda text: self.go.setEnabled(bool(text.strip())))
        self.go.setEnabled(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID * 2)
        layout.addWidget(label(f"Return {tier} to {whose}", "title"))
        layout.addWidget(self.why)
        layout.addWidget(label("Remarks at times: seconds or minutes:seconds, then what is said.", "muted", True))
        for widget in (self._remarks, self._said, row(leave, self.go)):
            layout.addWidget(widget)

    @property
    def written(self) -> tuple[str, str]:
        """The reason and the remarks as they stand in their fields."""
        return self.why.text(), self._remarks.toPlainText()

    def write(self, remarks: str, why: str = "") -> None:
        """Fill the remarks' field; with a reason, that one too."""
        self._remarks.setPlainText(remarks)
        if why:
            self.why.setText(why)

    def _finish(self) -> None:
        try:
            self.remarks = remarks_of(self._remarks.toPlainText().splitlines())
        except WozError as error:
            self._said.setText(str(error))
            self._remarks.setFocus()
            return
        self.accept()
