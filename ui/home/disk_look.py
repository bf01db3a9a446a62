"""Looks at the sessions' folders beside the window: now, where the sessions are others, and else now and then."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from ui.application.background import Background
from woz.lab.on_disk import OnDisk, on_disk
from woz.model.ids import SessionId

AGAIN_S = 30.0


class DiskLook(QObject):
    """`seen` says that something is otherwise than it was `known`."""

    seen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[SessionId, OnDisk] = {}
        self._of: tuple[Path, tuple[SessionId, ...]] | None = None
        self._at_s = 0.0
        self._work, self._busy = Background(), False
        self._work.done.connect(self._show)
        self._work.failed.connect(lambda _: self._show(self.known))

    def look(self, sessions_dir: Path, sessions: Sequence[SessionId]) -> None:
        of = (sessions_dir, tuple(sessions))
        if self._busy or (of == self._of and time.monotonic() < self._at_s + AGAIN_S):
            return
        self._busy, self._of = True, of
        self._work.begin("look at the disk", lambda: on_disk(*of))

    def look_anew(self) -> None:
        """The next time it is asked."""
        self._of = None

    def _show(self, found: dict[SessionId, OnDisk]) -> None:
        self._busy, self._at_s = False, time.monotonic()
        if found != self.known:
            self.known = found
            self.seen.emit()
