"""Opens a console off the window's thread, with a window that says so meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QProgressBar, QVBoxLayout

from ui.theme import GRID, icon
from ui.widgets.parts import button, label, row

LOOK_MS = 50


class JoiningWindow(QDialog):
    """Runs `work` in a thread; `exec` returns when it has ended. `given_up`: the user did not want to wait."""

    def __init__(self, work: Callable[[], object]) -> None:
        super().__init__()
        self.setWindowTitle("woz – joining")
        self.setWindowIcon(icon("woz"))
        self.setMinimumWidth(60 * GRID)
        self.given_up = False
        self.fault: BaseException | None = None
        self._work, self._began_s = work, time.monotonic()
        self._elapsed = label("", "muted")
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setAccessibleName("Joining the session")
        self._leave = button("Cancel", "stop")
        self._leave.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID * 2)
        for widget in (label("Joining the session …", "title"), self._elapsed, bar, row(self._leave)):
            layout.addWidget(widget)
        self._thread = threading.Thread(target=self._run, name="joining")
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(LOOK_MS)
        self._thread.start()

    def reject(self) -> None:
        """Wait no longer for the station; what is open is closed when the attempt has ended."""
        self.given_up = True
        self._leave.setEnabled(False)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.reject()
        event.ignore()

    def _run(self) -> None:
        try:
            self._work()
        except BaseException as fault:
            self.fault = fault

    def _look(self) -> None:
        words = "Leaving …" if self.given_up else "Sound devices are opened, and the station is asked."
        self._elapsed.setText(f"{words} {time.monotonic() - self._began_s:.0f} s")
        if not self._thread.is_alive():
            self._timer.stop()
            self.accept()


def open_beside(work: Callable[[], object], undo: Callable[[], object], hidden: bool) -> bool:
    """Run it while its window is shown; False where the user gave up meanwhile, and it is undone. Raises what
    `work` raises.

    `hidden`: no window, where another one tells that we are joining.
    """
    if hidden:
        work()
        return True
    window = JoiningWindow(work)
    window.exec()
    if window.given_up:
        if window.fault is None:
            undo()
        return False
    if window.fault:
        raise window.fault
    return True
