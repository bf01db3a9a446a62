"""Says who else is in the chosen tier; one whose window is gone is taken over from with a word."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit

from ui.theme import GRID
from ui.widgets.parts import button, label

WORD = "Why you take over"


class LeaseBar(QFrame):
    """Hidden while nobody else is there. `taken_over` carries the word."""

    taken_over = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "banner")
        self._words = label(wrap=True)
        self.word = QLineEdit()
        self.word.setPlaceholderText(WORD)
        self.word.setAccessibleName(WORD)
        self.word.setMinimumWidth(220)
        self.go = button("Take over", "check")
        self.word.textChanged.connect(lambda text: self.go.setEnabled(bool(text.strip())))
        self.word.returnPressed.connect(self.go.click)
        self.go.clicked.connect(lambda: self.taken_over.emit(self.word.text().strip()))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(GRID * 2, GRID, GRID * 2, GRID)
        layout.setSpacing(GRID)
        layout.addWidget(self._words, 1)
        layout.addWidget(self.word)
        layout.addWidget(self.go)
        self.tell("", False)

    @property
    def text(self) -> str:
        return self._words.text()

    def tell(self, other: str, stale: bool) -> None:
        """What is typed stays while the same is told."""
        if not stale:
            self.word.clear()
        self._words.setText(other)
        self._words.setAccessibleName(other)
        for each in (self.word, self.go):
            each.setVisible(stale)
        self.go.setEnabled(bool(self.word.text().strip()))
        self.setVisible(bool(other))
