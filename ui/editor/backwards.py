"""Plays backwards: no player does, so pictures are asked for one by one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QObject, QTimer

from ui.editor.media import Frames
from woz.base.interval import NS_PER_MS

EVERY_MS = 40


class Backwards(QObject):
    """`want` is asked for a frame by number, and not near it, once the one before is shown (`ready`)."""

    def __init__(
        self, frames: Frames, want: Callable[[int, bool], None], ready: Callable[[], bool], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._frames, self._want, self._ready = frames, want, ready
        self._since = QElapsedTimer()
        self._from_ns = 0
        self.speed = 0.0
        """0 while it stands."""
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self._go)

    def play(self, number: int, speed: float) -> None:
        self._from_ns, self.speed = self._frames.times[number], speed
        self._since.start()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()
        self.speed = 0.0

    def _go(self) -> None:
        if not self._ready():
            return
        t_ns = self._from_ns - round(self._since.elapsed() * self.speed * NS_PER_MS)
        self._want(self._frames.at(max(0, t_ns)), False)
        if t_ns <= 0:
            self.stop()
