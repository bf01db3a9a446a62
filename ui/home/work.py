"""A window that runs one command of the program and shows what it tells."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from ui.theme import GRID
from ui.widgets.parts import button, label, row
from ui.widgets.running import Running


class WorkDialog(QDialog):
    """Closing it while the command runs ends the command. `ended` carries its status."""

    ended = Signal(int)

    def __init__(self, title: str, arguments: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.resize(680, 400)
        self._title, self._arguments = title, arguments
        self.running = Running("Done.", "⚠ Not done; the last line says why.")
        self._close = button("Cancel", "stop")
        self._close.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID * 2)
        for widget in (label(title, "title"), self.running, row(self._close)):
            layout.addWidget(widget)
        self.running.ended.connect(self._finish)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._close.setFocus()

    def begin(self) -> None:
        """Show the window and start the command."""
        self.show()
        self.running.begin(f"{self._title} …", self._arguments)

    def reject(self) -> None:
        """End the command where it runs."""
        if self.running.cancel():
            self._close.setEnabled(False)
        else:
            super().reject()

    def _finish(self, status: int) -> None:
        self._close.setEnabled(True)
        self._close.setText("Close")
        self._close.setAccessibleName("Close")
        self._close.setFocus()
        self.ended.emit(status)
