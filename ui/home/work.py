"""Runs one command of the program in a process of its own and shows what it tells, so that no window waits."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QProcess, Qt, QTimer, Signal
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QProgressBar, QVBoxLayout, QWidget

from ui.theme import GRID
from ui.widgets.parts import button, label, row

PROGRESS = re.compile(r"^\s*(\d+)%  (.*)$")
KILL_AFTER_MS = 2_000


class WorkDialog(QDialog):
    """Begins when it is shown; closing it while the command runs ends the command. `ended` carries its status,
    `staged` what comes now.
    """

    ended = Signal(int)
    staged = Signal(str)

    def __init__(self, title: str, arguments: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.resize(680, 400)
        self._title = title
        self._command = ["-m", "ui.cli", *arguments]
        self._stage = label(f"{title} …", wrap=True)
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setAccessibleName("Part that is done")
        self._log = QPlainTextEdit()
        self._log.setReadOnly(True)
        self._log.setTabChangesFocus(True)
        self._log.setAccessibleName("What was told")
        self._close = button("Cancel", "stop")
        self._close.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID * 2)
        for widget in (label(title, "title"), self._stage, self._bar, self._log, row(self._close)):
            layout.addWidget(widget)
        self._process = QProcess(self)
        self._process.setProcessChannelMode(QProcess.ProcessChannelMode.MergedChannels)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.finished.connect(self._finish)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def begin(self) -> None:
        """Show the window and start the command."""
        self.show()
        self._process.start(sys.executable, self._command)

    @property
    def words(self) -> str:
        return self._log.toPlainText()

    def reject(self) -> None:
        """End the command where it runs; what it told stays to be read."""
        if self._process.state() == QProcess.ProcessState.NotRunning:
            super().reject()
            return
        self._stage.setText("Cancelling …")
        self._close.setEnabled(False)
        end_gently(self._process)

    def _read(self) -> None:
        for line in lines_told(self._process):
            self._show(line)

    def _show(self, line: str) -> None:
        told = PROGRESS.match(line)
        if told:
            self._bar.setRange(0, 100)
            self._bar.setValue(int(told[1]))
            self._stage.setText(told[2])
            self.staged.emit(told[2])
        elif line.strip():
            self._log.appendPlainText(line.removeprefix("woz: "))

    def _finish(self, status: int, how: QProcess.ExitStatus) -> None:
        self._read()
        well = status == 0 and how == QProcess.ExitStatus.NormalExit
        self._bar.setRange(0, 100)
        self._bar.setValue(100 if well else 0)
        self._stage.setText("Done." if well else "⚠ Not done; the last line says why.")
        self._close.setEnabled(True)
        self._close.setText("Close")
        self._close.setAccessibleName("Close")
        self.ended.emit(status if how == QProcess.ExitStatus.NormalExit else 1)


def lines_told(process: QProcess) -> Iterator[str]:
    """The whole lines that a process has said since they were last asked for."""
    while process.canReadLine():
        yield bytes(process.readLine().data()).decode(errors="replace").rstrip()


def end_gently(process: QProcess) -> None:
    """Ask a process to end, and kill it where it hasn't after a while; nobody waits here."""
    process.terminate()
    QTimer.singleShot(KILL_AFTER_MS, process, process.kill)
