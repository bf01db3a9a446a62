"""Asks what all words that are alike are to become."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QCompleter, QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from ui.theme import GRID
from ui.widgets.parts import label


class AlikeDialog(QDialog):
    """`ask` gives the right word, or None. The glossary's terms are offered, those most like the word first."""

    def __init__(
        self, parent: QWidget, old: str, count: int, terms: Sequence[str], suggested: Sequence[str]
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Fix all alike")
        self._new = QComboBox()
        self._new.setEditable(True)
        self._new.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._new.addItems([*suggested, *(term for term in terms if term not in suggested)])
        self._new.setEditText(suggested[0] if suggested else old)
        self._new.setAccessibleName("The right word")
        completer = QCompleter(self._new.model(), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._new.setCompleter(completer)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID)
        times = "once" if count == 1 else f"{count} times"
        for widget in (label(f"“{old}” is said {times}. Each becomes:", wrap=True), self._new, buttons):
            layout.addWidget(widget)
        line = self._new.lineEdit()
        if line:
            line.selectAll()

    @classmethod
    def ask(
        cls, parent: QWidget, old: str, count: int, terms: Sequence[str], suggested: Sequence[str]
    ) -> str | None:
        dialog = cls(parent, old, count, terms, suggested)
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        text = dialog._new.currentText().strip()
        dialog.deleteLater()
        return text if accepted and text and text != old else None
