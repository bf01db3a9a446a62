"""Windows of the program in processes of their own, and what one said that ended by a fault."""

from __future__ import annotations

import subprocess

from ui.application.programs import program


class Children:
    def __init__(self) -> None:
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self, *arguments: str) -> None:
        """`woz` with these arguments."""
        self._running.append(subprocess.Popen(program(*arguments), stderr=subprocess.PIPE))

    def last_words(self) -> str:
        """Why the last of those failed that ended since this was asked; empty where none did."""
        told = ""
        for child in [each for each in self._running if each.poll() is not None]:
            self._running.remove(child)
            words = child.stderr.read().decode(errors="replace") if child.stderr else ""
            if child.stderr:
                child.stderr.close()
            said = [line for line in words.splitlines() if line.startswith("woz: ")]
            if child.returncode and said:
                told = said[-1].removeprefix("woz: ")
        return told
