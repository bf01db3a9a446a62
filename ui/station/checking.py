"""Checks a saved session in a process of its own, so that neither the window nor a late recording waits for it."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QProcess, Signal

END_WITHIN_MS = 2_000


@dataclass(frozen=True, slots=True)
class Finding:
    """What `woz check` found; `verdict` is empty where it could not check, and `reasons` then say why."""

    verdict: str
    reasons: tuple[str, ...] = ()


class Checking(QObject):
    """`found` carries a `Finding`. Beginning again drops the check that runs."""

    found = Signal(object)

    def __init__(self, project: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._project = project
        self._process: QProcess | None = None

    def begin(self, session_id: str) -> None:
        self.end()
        process = self._process = QProcess(self)
        process.finished.connect(lambda *_: self._finish(process))
        process.errorOccurred.connect(lambda error: self._fail(process, error))
        arguments = ["-m", "ui.cli", "check", str(self._project), "--session", session_id, "--json"]
        process.start(sys.executable, arguments)

    def end(self) -> None:
        """Drop a check that runs."""
        process, self._process = self._process, None
        if process and process.state() != QProcess.ProcessState.NotRunning:
            process.kill()
            process.waitForFinished(END_WITHIN_MS)

    def _finish(self, process: QProcess) -> None:
        if process is self._process:
            told = bytes(process.readAllStandardOutput().data()).decode(errors="replace")
            words = bytes(process.readAllStandardError().data()).decode(errors="replace")
            self._process = None
            self.found.emit(read_finding(told, words))

    def _fail(self, process: QProcess, error: QProcess.ProcessError) -> None:
        if process is self._process and error == QProcess.ProcessError.FailedToStart:
            self._process = None
            self.found.emit(Finding("", ("The check could not be started; run woz check on the project.",)))


def read_finding(told: str, words: str) -> Finding:
    """From what the command wrote to standard output and to standard error."""
    try:
        (report,) = json.loads(told)
        return _finding(report)
    except (ValueError, KeyError, TypeError):
        said = [line.removeprefix("woz: ") for line in words.splitlines() if line.startswith("woz: ")]
        return Finding("", tuple(said[-1:]) or ("The check ended early; run woz check on the project.",))


def _finding(report: Mapping[str, Any]) -> Finding:
    return Finding(str(report["verdict"]), tuple(str(reason) for reason in report["reasons"]))
