"""One line below the time line: what a label's key does now, how late somebody presses, what the work takes.

Beside it stands what is being made in the meantime.
"""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from ui.theme import GRID
from ui.widgets.parts import label


class StatusLine(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._parts = {name: label("", "muted") for name in ("pass", "late", "work", "making")}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(GRID, 0, GRID, 0)
        layout.setSpacing(GRID * 3)
        for name, part in self._parts.items():
            part.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            layout.addWidget(part, 6 if name == "pass" else 3)
        self._parts["making"].hide()

    def show_part(self, name: str, text: str) -> None:
        """Of `pass`, `late`, `work` and `making`; whole in a tip where the window is narrow."""
        self._parts[name].setText(text)
        self._parts[name].setVisible(bool(text) or name != "making")
        self._parts[name].setToolTip(text)

    def text(self, name: str) -> str:
        return self._parts[name].text()
