"""One line below the time line: what a label's key does now, how late somebody presses, what the work takes.

Beside it stands what is being made in the meantime.
"""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.theme import GRID
from ui.widgets.elided import ElidedLabel

SHARES = {"hint": 0, "pass": 1, "late": 0, "work": 0, "making": 0}
"""Of the width that is left."""
WHOLE, GIVES_WAY, LEAST = ("work", "making"), ("hint", "late"), 60
"""Always whole; whole where there is room; the width of `pass` at least."""

PASSING = ("hint", "making")
"""Not there where they say nothing."""


class StatusLine(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._parts = {name: ElidedLabel(name in WHOLE, name in GIVES_WAY) for name, share in SHARES.items()}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(GRID, 0, GRID, 0)
        layout.setSpacing(GRID * 3)
        for name, part in self._parts.items():
            layout.addWidget(part, SHARES[name])
        for name in PASSING:
            self._parts[name].hide()
        self._parts["pass"].setMinimumWidth(LEAST)
        self._parts["hint"].setProperty("role", "")

    def show_part(self, name: str, text: str) -> None:
        """Of `hint`, `pass`, `late`, `work` and `making`; whole in a tip where the window is narrow."""
        self._parts[name].setText(text)
        self._parts[name].setVisible(bool(text) or name not in PASSING)
        self._parts[name].setToolTip(text)

    def text(self, name: str) -> str:
        return self._parts[name].text()
