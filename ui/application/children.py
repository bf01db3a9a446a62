"""Windows of the program in processes of their own, and what one said that ended by a fault."""

from __future__ import annotations

import signal
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

from ui.application.programs import program

SENTENCE, TRACE = "woz: ", "Traceback (most recent call last):"


@dataclass(frozen=True, slots=True)
class _Child:
    command: str
    process: subprocess.Popen[bytes]
    words: IO[bytes]


class Children:
    """Their words go to files that nobody else sees, so that none waits until it is listened to."""

    def __init__(self) -> None:
        self._running: list[_Child] = []

    def start(self, *arguments: str) -> None:
        """`woz` with these arguments."""
        words = tempfile.TemporaryFile()  # noqa: SIM115
        process = subprocess.Popen(program(*arguments), stderr=words)
        self._running.append(_Child(arguments[0], process, words))

    def last_words(self) -> str:
        """Why the last of those failed that ended since this was asked; empty where none did."""
        told = ""
        for child in [each for each in self._running if each.process.poll() is not None]:
            self._running.remove(child)
            with child.words as words:
                words.seek(0)
                lines = words.read().decode(errors="replace").splitlines()
            if child.process.returncode:
                told = _why(child.command, child.process.returncode, lines)
        return told


def _why(command: str, status: int, lines: Sequence[str]) -> str:
    """The sentence that it ended with, or by which fault or signal it ended without one."""
    said = max((at for at, line in enumerate(lines) if line.startswith(SENTENCE)), default=-1)
    fell = max((at for at, line in enumerate(lines) if line == TRACE), default=-1)
    if status > 0 and said > fell:
        return lines[said].removeprefix(SENTENCE)
    ends = [line for line in lines[fell + 1 :] if line.strip() and not line.startswith(" ")]
    if status < 0:
        what = signal.strsignal(-status) or f"signal {-status}"
    elif ends:
        what = ends[0 if fell >= 0 else -1]
    else:
        what = f"status {status}"
    return f"The window of woz {command} ended early ({what}). What it had stored is kept; open it again."
