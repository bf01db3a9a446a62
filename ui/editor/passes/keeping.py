"""Keeps what runs in a file, once a second, and makes it at the next opening where the program was killed."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, QTimer

from ui.editor.marking import Marking
from woz.annotation.running import Running, RunningFile

EVERY_MS = 1000


class Keeping(QObject):
    """Nothing is kept where another window is open on the same session for the same annotator."""

    def __init__(self, path: Path, marking: Marking) -> None:
        super().__init__(marking)
        self._marking = marking
        self._file = RunningFile(path)
        self._lock = QLockFile(str(path.with_suffix(".lock")))
        self._lock.setStaleLockTime(0)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._own = self._lock.tryLock(0)
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self._keep)
        if self._own:
            marking.passes.changed.connect(self._keep)

    def recover(self) -> str:
        """What was made of it, in words; empty where nothing ran."""
        found = self._file.read() if self._own else ()
        said = " ".join(filter(None, (self._marking.passes.recover(each) for each in found)))
        if found:
            self._file.keep(found)
            self._file.keep(())
        return said

    def close(self) -> None:
        self._timer.stop()
        if self._own:
            self._file.keep(())
            self._lock.unlock()

    def _keep(self) -> None:
        here_ns, running = self._marking.here_ns, self._marking.passes.running
        self._file.keep([Running(each, max(here_ns, each.start_ns or 0)) for each in running])
        if running and not self._timer.isActive():
            self._timer.start()
        elif not running:
            self._timer.stop()
