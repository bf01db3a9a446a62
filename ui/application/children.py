"""Windows of the program in processes of their own, and what one said that ended by a fault."""

from __future__ import annotations

import subprocess
import tempfile
from typing import IO

from ui.application.programs import program


class Children:
    """Their words go to files that nobody else sees, so that none waits until it is listened to."""

    def __init__(self) -> None:
        self._running: list[tuple[subprocess.Popen[bytes], IO[bytes]]] = []

    def start(self, *arguments: str) -> None:
        """`woz` with these arguments."""
        words = tempfile.TemporaryFile()  # noqa: SIM115
        self._running.append((subprocess.Popen(program(*arguments), stderr=words), words))

    def last_words(self) -> str:
        """Why the last of those failed that ended since this was asked; empty where none did."""
        told = ""
        for child, words in [each for each in self._running if each[0].poll() is not None]:
            self._running.remove((child, words))
            with words:
                words.seek(0)
                lines = words.read().decode(errors="replace").splitlines()
            said = [line for line in lines if line.startswith("woz: ")]
            if child.returncode and said:
                told = said[-1].removeprefix("woz: ")
        return told
