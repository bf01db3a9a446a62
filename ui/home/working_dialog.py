"""A window in which something is chosen, and then done by a command: how far it is, and how it ended."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from ui.theme import GRID
from ui.widgets.entering import steady
from ui.widgets.fitting import fit
from ui.widgets.parts import button, label, row
from ui.widgets.running import Running


class WorkingDialog(QDialog):
    """The command runs in a process of its own; closing the window cancels it, and what was made is kept.

    Who inherits fills `_choices`, calls `lay_out`, and has the `arguments`.
    """

    first_words = "Starting"
    """Shown until the command says what it does."""

    def __init__(self, title: str, start: str, running: Running, parent: QWidget | None) -> None:
        """`start` is the word on the button."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self._choices, self.running = QWidget(), running
        self._start, self._close = button(start, "play", "primary"), button("Close", "stop")
        self._start.clicked.connect(self.start)
        self._close.clicked.connect(self.reject)
        self.running.ended.connect(self._show_end)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def lay_out(self, shown: QWidget, width: int, height: int) -> None:
        """`shown` holds the choices, or is them; the size is in pixels, less where the screen has less."""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID * 2)
        for widget in (label(self.windowTitle(), "title"), shown, self.running, row(self._close, self._start)):
            layout.addWidget(widget)
        steady(self)
        fit(self, width, height)

    @property
    def arguments(self) -> list[str]:
        """Of the command line."""
        raise NotImplementedError

    def start(self) -> None:
        """As the button does; nothing can be chosen meanwhile."""
        self._choices.setEnabled(False)
        self._start.setEnabled(False)
        self._close.setText("Cancel")
        self._close.setFocus()
        self.running.begin(self.first_words, self.arguments)

    def reject(self) -> None:
        """Cancel what runs; its end closes nothing, so that what came of it can be read."""
        if self.running.cancel():
            self._close.setEnabled(False)
        else:
            super().reject()

    def _show_end(self) -> None:
        self._choices.setEnabled(True)
        self._start.setEnabled(True)
        self._close.setEnabled(True)
        self._close.setText("Close")
        self._close.setFocus()
