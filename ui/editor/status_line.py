"""One line below the time line: what a label's key does now, how late somebody presses, what the work takes.

Beside it stands what is being made in the meantime.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from ui.theme import GRID

SHARES = {"pass": 1, "late": 0, "work": 0, "making": 0}
"""Of the width that is left; those without one are short, and always whole."""


class StatusLine(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._parts = {name: _Part(share == 0) for name, share in SHARES.items()}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(GRID, 0, GRID, 0)
        layout.setSpacing(GRID * 3)
        for name, part in self._parts.items():
            layout.addWidget(part, SHARES[name])
        self._parts["making"].hide()

    def show_part(self, name: str, text: str) -> None:
        """Of `pass`, `late`, `work` and `making`; whole in a tip where the window is narrow."""
        self._parts[name].setText(text)
        self._parts[name].setVisible(bool(text) or name != "making")
        self._parts[name].setToolTip(text)

    def text(self, name: str) -> str:
        return self._parts[name].text()


class _Part(QLabel):
    """Ends in “…” where it has too little room; one that is `whole` always has enough."""

    def __init__(self, whole: bool) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "muted")
        if not whole:
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def paintEvent(self, event: QPaintEvent) -> None:
        room = self.contentsRect()
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        with QPainter(self) as painter:
            role = self.foregroundRole()
            self.style().drawItemText(painter, room, int(flags), self.palette(), self.isEnabled(), shown, role)
