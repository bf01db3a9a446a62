"""Runs a program whose main windows are as large as the screen that $WOZ_PICTURE_SIZE names, 1920x1080 for example.

`python docs/picture_size.py PROGRAM ARGUMENTS`: a file, or a module as `ui.cli`. The size is in logical pixels;
without it windows open as they do. Dialogs always do: they lie on a screen, and don't fill it.
"""

from __future__ import annotations

import os
import runpy
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtWidgets import QMainWindow

from ui.application.application import application

VARIABLE = "WOZ_PICTURE_SIZE"


class Filling(QObject):
    """Gives each main window this size as it is shown; an event filter of the application."""

    def __init__(self, size: QSize, parent: QObject) -> None:
        super().__init__(parent)
        self._size = size

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QMainWindow):
            watched.resize(self._size)
        return False


def main() -> None:
    program, sys.argv = sys.argv[1], sys.argv[1:]
    if size := os.environ.get(VARIABLE):
        app = application("light")
        app.installEventFilter(Filling(QSize(*map(int, size.split("x"))), app))
    run = runpy.run_path if program.endswith(".py") else runpy.run_module
    run(program, run_name="__main__")


if __name__ == "__main__":
    main()
