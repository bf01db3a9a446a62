"""Drives a window from another process: one JSON object a line on standard input, news on standard output.

Commands: {"do": "record"}, {"do": "stop"}, {"do": "cue", "utc_ns": N}, {"do": "press", "key": "N"},
{"do": "note", "text": "..."}, {"do": "shot", "path": "..."}, {"do": "quit"}.
Pictures of the window are written when it is quit, so that nothing live waits for them.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any, TextIO

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from ui.application.holding import start_with
from woz.base.outside import Data, Unsound, read

log = logging.getLogger(__name__)

Command = dict[str, Any]

UNASKED = "unasked"
"""The property of a window that is closed from another process: nobody is there to be asked."""
ACTIVE_WITHIN_MS = 1_000
"""A window that isn't the active one gets no shortcuts."""


class Control(QObject):
    """Reads commands in a thread and hands each to its verb on the window's thread."""

    _arrived = Signal(dict)

    def __init__(self, window: QWidget, verbs: Mapping[str, Callable[[Command], object]], out: TextIO) -> None:
        super().__init__(window)
        self._window = window
        self._out = out
        self._shots: dict[str, QPixmap] = {}
        self._verbs = {"press": self._press, "shot": self._shoot, "quit": self._quit, **verbs}
        self._arrived.connect(self._obey, Qt.ConnectionType.QueuedConnection)
        start_with(threading.Thread(target=self._read, name="control", daemon=True), self)

    def tell(self, **news: Any) -> None:
        """One line of news."""
        self._out.write(json.dumps(news) + "\n")
        self._out.flush()

    def _read(self) -> None:
        for line in filter(str.strip, sys.stdin):
            try:
                self._arrived.emit(read(line, Data))
            except Unsound as error:
                log.warning("a command was passed over: %s", error)
        self._arrived.emit({"do": "quit"})

    def _obey(self, command: Command) -> None:
        verb = self._verbs.get(str(command.get("do")))
        if verb:
            verb(command)

    def _press(self, command: Command) -> None:
        self._window.activateWindow()
        QTest.qWaitForWindowActive(self._window, ACTIVE_WITHIN_MS)
        QTest.keyClick(self._window, getattr(Qt.Key, f"Key_{command['key']}"))

    def _shoot(self, command: Command) -> None:
        self._shots[str(command["path"])] = self._window.grab()

    def _quit(self, command: Command) -> None:
        for path, picture in self._shots.items():
            picture.save(path)
        self._window.setProperty(UNASKED, True)
        self._window.close()


def private_stdout() -> TextIO:
    """Standard output for our news alone; what libraries print goes to standard error from now on."""
    sys.stdout.flush()
    own = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return own
