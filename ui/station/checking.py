"""Checks a saved session in a process of its own, so that neither the window nor a late recording waits for it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from ui.application.command import OURS, Command

ENDED_EARLY = "The check ended early; check the session again from the home window."


@dataclass(frozen=True, slots=True)
class Finding:
    """What `woz check` found; `verdict` is empty where it could not check, and `reasons` then say why."""

    verdict: str
    reasons: tuple[str, ...] = ()


class Checking(QObject):
    """`found` carries a `Finding`, `far` the percent that is done and what is looked at. Beginning again drops the
    check that runs.
    """

    found = Signal(object)
    far = Signal(int, str)

    def __init__(self, project: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._project = project
        self._command: Command | None = None

    def begin(self, session_id: str) -> None:
        self.end()
        command, said = Command(self, answers=True), list[str]()
        self._command = command
        command.staged.connect(self.far)
        command.told.connect(said.append)
        command.ended.connect(lambda _: self.found.emit(read_finding(command.answer, said)))
        command.begin(["check", str(self._project), "--session", session_id, "--json", "--progress"])

    def end(self) -> None:
        """Drop a check that runs."""
        if self._command:
            self._command.drop()
            self._command.deleteLater()
            self._command = None


def read_finding(told: str, said: Sequence[str]) -> Finding:
    """From what the command wrote to standard output, and its lines on standard error."""
    try:
        (report,) = json.loads(told)
        return _finding(report)
    except (ValueError, KeyError, TypeError):
        ours = [line.removeprefix(OURS) for line in said if line.startswith(OURS)]
        return Finding("", tuple(ours[-1:]) or (ENDED_EARLY,))


def _finding(report: Mapping[str, Any]) -> Finding:
    return Finding(str(report["verdict"]), tuple(str(reason) for reason in report["reasons"]))
