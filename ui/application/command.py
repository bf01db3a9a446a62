"""One command of the program, run in a process of its own, so that no window waits for it."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence

from PySide6.QtCore import QObject, QProcess, QTimer, Signal

PROGRESS = re.compile(r"^\s*(\d+)%  (.*)$")
OWN = ("-m", "ui.cli")
OURS = "woz: "
"""How the command line begins the sentence with which it ends."""
KILL_AFTER_MS, END_WITHIN_MS = 2_000, 2_000
NOT_STARTED = "The command could not be started; start woz again, and see that its folder is whole."


class Command(QObject):
    """`staged` carries the percent that is done and what comes now, `told` each other line, `ended` the status."""

    staged = Signal(int, str)
    told = Signal(str)
    ended = Signal(int)

    def __init__(self, parent: QObject, answers: bool = False) -> None:
        """`answers`: standard output is kept apart, for `answer`."""
        super().__init__(parent)
        self._answers, self._answer = answers, b""
        self._process = process = QProcess(self)
        if answers:
            process.readyReadStandardOutput.connect(self._keep)
            process.setReadChannel(QProcess.ProcessChannel.StandardError)
            process.readyReadStandardError.connect(self._read)
        else:
            process.setProcessChannelMode(QProcess.ProcessChannelMode.MergedChannels)
            process.readyReadStandardOutput.connect(self._read)
        process.finished.connect(self._finish)
        process.errorOccurred.connect(self._fail)

    @property
    def running(self) -> bool:
        return self._process.state() != QProcess.ProcessState.NotRunning

    @property
    def answer(self) -> str:
        """What it wrote to standard output."""
        return self._answer.decode(errors="replace")

    def begin(self, arguments: Sequence[str]) -> None:
        self._answer = b""
        self._process.start(sys.executable, [*OWN, *arguments])

    def cancel(self) -> None:
        """Ask it to end, and kill it where it hasn't after a while; nobody waits here."""
        self._process.terminate()
        QTimer.singleShot(KILL_AFTER_MS, self._process, self._process.kill)

    def drop(self) -> None:
        """End it at once; nothing more is told of it."""
        self.blockSignals(True)
        if self.running:
            self._process.kill()
            self._process.waitForFinished(END_WITHIN_MS)

    def _keep(self) -> None:
        self._answer += bytes(self._process.readAllStandardOutput().data())

    def _read(self) -> None:
        while self._process.canReadLine():
            self._tell(bytes(self._process.readLine().data()).decode(errors="replace").rstrip())

    def _tell(self, line: str) -> None:
        told = PROGRESS.match(line)
        if told:
            self.staged.emit(int(told[1]), told[2])
        elif line.strip():
            self.told.emit(line)

    def _finish(self, status: int, how: QProcess.ExitStatus) -> None:
        if self._answers:
            self._keep()
        self._read()
        self.ended.emit(status if how == QProcess.ExitStatus.NormalExit else 1)

    def _fail(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self.told.emit(OURS + NOT_STARTED)
            self.ended.emit(1)
