"""A field for a file or a folder, written or chosen."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget

from ui.theme import GRID


class PathField(QWidget):
    """`kinds` filters files, as Qt writes filters; without it a folder is chosen."""

    changed = Signal()

    def __init__(self, name: str, kinds: str = "", hint: str = "") -> None:
        super().__init__()
        self._name, self._kinds = name, kinds
        self._text = QLineEdit()
        self._text.setAccessibleName(name)
        self._text.setPlaceholderText(hint)
        self._text.textChanged.connect(self.changed)
        choosing = QPushButton("Choose …")
        choosing.setAutoDefault(False)
        choosing.setAccessibleName(f"Choose: {name}")
        choosing.clicked.connect(self._choose)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self._text, 1)
        layout.addWidget(choosing)
        self.setFocusProxy(self._text)

    @property
    def text(self) -> str:
        """Without spaces around it; empty where nothing was given."""
        return self._text.text().strip()

    @property
    def path(self) -> Path:
        return Path(self.text).expanduser().absolute()

    def show_path(self, path: str) -> None:
        self._text.setText(path)

    def _choose(self) -> None:
        if self._kinds:
            chosen, _ = QFileDialog.getOpenFileName(self, self._name, self.text, self._kinds)
        else:
            chosen = QFileDialog.getExistingDirectory(self, self._name, self.text)
        if chosen:
            self.show_path(str(Path(chosen)))
