"""Closes a seat off the window's thread, and says what is waited for where that takes a while."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, SignalInstance
from PySide6.QtWidgets import QDialog, QProgressBar, QVBoxLayout

from ui.application.background import waited
from ui.theme import GRID, icon
from ui.widgets.parts import label

SHOWN_AFTER_MS = 700
TICK_MS = 500
LINES = 3
"""What is waited for may take so many."""
KEPT = "What was recorded is being kept."


class ClosingWindow(QDialog):
    """Can't be closed: it goes when what it tells of is done."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setWindowTitle("woz – closing")
        self.setWindowIcon(icon("woz"))
        self.setFixedWidth(60 * GRID)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self._began_s, self._told = time.monotonic(), ""
        self.words = label("", "muted")
        self.words.setWordWrap(True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.words.setMinimumHeight(LINES * self.words.fontMetrics().lineSpacing())
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setAccessibleName(title)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID * 2)
        for widget in (label(title, "title"), self.words, bar):
            layout.addWidget(widget)
        self._ticking = QTimer(self)
        self._ticking.timeout.connect(self._show_words)
        self._ticking.start(TICK_MS)
        self._show_words()

    def show_status(self, status: object) -> None:
        """Of a station or of a console."""
        self._told = str(getattr(status, "problem", "") or getattr(status, "awaits", ""))
        self._show_words()

    def reject(self) -> None:
        """Waits on."""

    def _show_words(self) -> None:
        self.words.setText(f"{self._told or KEPT} ({time.monotonic() - self._began_s:.0f} s)")


def close_beside(close: Callable[[], object], status_changed: SignalInstance, title: str) -> None:
    """Returns when it is closed. Raises what `close` raises."""
    window = ClosingWindow(title)
    status_changed.connect(window.show_status)
    later = QTimer(window)
    later.setSingleShot(True)
    later.timeout.connect(window.show)
    later.start(SHOWN_AFTER_MS)
    try:
        waited(close)
    finally:
        status_changed.disconnect(window.show_status)
        later.stop()
        window.hide()
        window.deleteLater()
