"""Asks who annotates, by pseudonym, before a window opens."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QPushButton, QVBoxLayout, QWidget

from ui.theme import GRID
from ui.widgets.parts import button, label, row
from woz.model.plan import is_pseudonym, no_pseudonym

EXPLAINED = "Your pseudonym stands beside all that you change, here and in exports; your name does not."
MOST_ROWS, ROW = 6, 30


class AnnotatorDialog(QDialog):
    """Accepted with a `pseudonym`: one of those known, or a new one; nothing is kept here."""

    def __init__(self, known: Sequence[str], last: str = "", parent: QWidget | None = None) -> None:
        """`last` is chosen already where it is known: Enter goes on with it."""
        super().__init__(parent)
        self.setWindowTitle("Who annotates?")
        self._known = list(known)
        self._list = QListWidget()
        self._list.setAccessibleName("Annotators of this project")
        self._list.addItems(self._known)
        self._list.setVisible(bool(known))
        self._list.setFixedHeight(ROW * min(max(len(known), 2), MOST_ROWS) + GRID)
        self._new = QLineEdit()
        self._new.setPlaceholderText("New pseudonym, as A07")
        self._new.setAccessibleName("New pseudonym")
        self._said = label("", "muted", wrap=True)
        self._go = button("Annotate", "annotate", "primary")
        self._build()
        self._connect()
        if last in self._known:
            self._list.setCurrentRow(self._known.index(last))
        (self._list if last in self._known else self._new).setFocus()
        self._judge()

    @property
    def pseudonym(self) -> str:
        """What is typed, or else what is chosen in the list; empty where neither is."""
        typed = " ".join(self._new.text().split())
        chosen = self._list.currentItem()
        return typed or (chosen.text() if chosen else "")

    @property
    def new(self) -> bool:
        """Whether the project doesn't know this pseudonym yet."""
        return bool(self.pseudonym) and self.pseudonym not in self._known

    def _build(self) -> None:
        leaving = QPushButton("Cancel")
        leaving.setAutoDefault(False)
        leaving.clicked.connect(self.reject)
        self._go.setDefault(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID * 2)
        layout.addWidget(label("Who annotates?", "title"))
        layout.addWidget(label(EXPLAINED, "muted", wrap=True))
        for widget in (self._list, self._new, self._said, row(leaving, self._go)):
            layout.addWidget(widget)
        self.setMinimumWidth(440)

    def _connect(self) -> None:
        self._go.clicked.connect(self.accept)
        self._new.textChanged.connect(self._judge)
        self._list.currentRowChanged.connect(self._judge)
        self._list.itemClicked.connect(lambda _: self._new.clear())
        self._list.itemActivated.connect(lambda _: self._go.click())

    def _judge(self) -> None:
        sound = not self.new or is_pseudonym(self.pseudonym)
        self._go.setEnabled(bool(self.pseudonym) and sound)
        if not sound:
            self._said.setText(no_pseudonym(self.pseudonym))
        elif self.new:
            self._said.setText(f"{self.pseudonym} becomes an annotator of this project.")
        elif self.pseudonym:
            self._said.setText(f"You go on as {self.pseudonym}.")
        else:
            self._said.setText("Choose who you are, or type a new pseudonym.")
