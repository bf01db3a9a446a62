"""The bar to find and replace in a transcript."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QLineEdit, QPushButton

from ui.theme import GRID
from ui.widgets.parts import label, row
from woz.annotation.finding import Search


class FindBar(QFrame):
    """Says what its user wants. `stepped` is 1 or -1, for the next place or the one before."""

    changed = Signal()
    stepped = Signal(int)
    replaced = Signal()
    replaced_all = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._find = _field("Find")
        self._replace = _field("Replace with")
        self._whole, self._case, self._regex = QCheckBox("&Whole"), QCheckBox("A&a"), QCheckBox("Rege&x")
        self._case.setToolTip("Match case (Alt+A)")
        self._case.setAccessibleName("Match case")
        self._count = label("", "muted")
        one, every = QPushButton("Re&place"), QPushButton("Replace a&ll")
        self._build(one, every)
        self._find.textChanged.connect(lambda: self.changed.emit())
        for widget in (self._whole, self._case, self._regex, one, every):
            widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for box in (self._whole, self._case, self._regex):
            box.toggled.connect(lambda: self.changed.emit())
        one.clicked.connect(lambda: self.replaced.emit())
        every.clicked.connect(lambda: self.replaced_all.emit())
        self.hide()

    def _build(self, one: QPushButton, every: QPushButton) -> None:
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self._find, 0, 0)
        layout.addWidget(row(self._whole, self._case, self._regex, self._count), 0, 1)
        layout.addWidget(self._replace, 1, 0)
        layout.addWidget(row(one, every), 1, 1)
        layout.setColumnStretch(0, 1)

    @property
    def search(self) -> Search:
        return Search(self._find.text(), self._whole.isChecked(), self._case.isChecked(), self._regex.isChecked())

    @property
    def replacement(self) -> str:
        return self._replace.text()

    def open(self, text: str, replacing: bool) -> None:
        """Show it with a text to find, and go to one of its fields."""
        self.show()
        if text:
            self._find.setText(text)
        field = self._replace if replacing and self._find.text() else self._find
        field.setFocus()
        field.selectAll()

    def tell(self, text: str) -> None:
        self._count.setText(text)

    def close_bar(self) -> None:
        self.hide()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.replaced_all.emit()
        elif enter and self._replace.hasFocus():
            self.replaced.emit()
        elif enter:
            self.stepped.emit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        else:
            super().keyPressEvent(event)


def _field(name: str) -> QLineEdit:
    made = QLineEdit()
    made.setPlaceholderText(name)
    made.setAccessibleName(name)
    made.setClearButtonEnabled(True)
    return made
