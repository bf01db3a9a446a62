"""Asks before recording people who have not agreed on record; a yes is kept with the version of the text."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from ui.theme import GRID
from ui.widgets.fitting import grow_with_words
from ui.widgets.parts import label, row
from ui.widgets.push import Push


class ConsentQuestion(QDialog):
    """Enter and Escape leave all as it is; `version` is that of the text which they agreed to."""

    def __init__(self, parent: QWidget, names: tuple[str, ...], version: str = "1") -> None:
        """`version` of the text is offered."""
        super().__init__(parent)
        self.setWindowTitle("Consent to recording")
        self._version = QLineEdit(version)
        self._version.setAccessibleName("Version of the text that they agreed to")
        self._agreed, leaving = Push("They agreed: record"), Push("Don't record")
        self._agreed.setProperty("role", "danger")
        self._agreed.setAutoDefault(False)
        self._agreed.clicked.connect(self.accept)
        leaving.clicked.connect(self.reject)
        leaving.setDefault(True)
        self._version.textChanged.connect(lambda _: self._agreed.setEnabled(bool(self.version)))
        people = ", ".join(names)
        question = f"No consent to recording is on record for {people}. Have they agreed?"
        kept = "A yes is kept in the project: who, which version of the text, and when."
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID * 2)
        layout.addWidget(label(question, "heading", wrap=True))
        layout.addWidget(label(kept, "muted", wrap=True))
        layout.addWidget(row(label("Version of the text"), self._version))
        layout.addWidget(row(leaving, self._agreed))
        self.setMinimumWidth(460)
        grow_with_words(self)
        leaving.setFocus()

    @property
    def version(self) -> str:
        return self._version.text().replace("@", " ").replace(",", " ").strip()
