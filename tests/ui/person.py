"""Somebody at the windows of a command that runs: one step after the other, as soon as each can be taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget

LOOK_MS = 20
Window = TypeVar("Window", bound=QWidget)
Step = Callable[[], bool]
"""Does something, or says that it can't be done yet."""


class Person:
    """`step` is what is waited for, None at the end. A step that fails ends the program's windows."""

    def __init__(self, steps: Iterator[Step]) -> None:
        self._steps = steps
        self.step: Step | None = next(steps)
        self._timer = QTimer()
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        self._timer.stop()
        try:
            done = self.step is not None and self.step()
        except BaseException:
            QApplication.exit(1)
            raise
        if done:
            self.step = next(self._steps, None)
        if self.step is not None:
            self._timer.start()


def shown(kind: type[Window]) -> Window | None:
    return next((w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()), None)


def on(kind: type[Window], do: Callable[[Window], object]) -> Step:
    """As soon as the window is there; `do` answers False where it can't be done yet."""

    def step() -> bool:
        window = shown(kind)
        return window is not None and do(window) is not False

    return step


def later(do: Callable[[], object]) -> None:
    """For what waits within a dialog, so that the next step is taken meanwhile."""
    QTimer.singleShot(0, do)
