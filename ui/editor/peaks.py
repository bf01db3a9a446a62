"""Reads a voice's peaks for the timeline, so that no window waits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QRunnable, Signal

from ui.editor.media import peaks
from woz.base.errors import WozError
from woz.model.people import Role
from woz.sound.waveform import FULL, Waveform


class _PeakSignals(QObject):
    ready = Signal(object, object)
    failed = Signal(str)


class PeakLoader(QRunnable):
    """Reads a voice's peaks beside the window."""

    def __init__(self, path: Path, track: int, role: Role) -> None:
        super().__init__()
        self.signals = _PeakSignals()
        self._path, self._track, self._role = path, track, role

    def run(self) -> None:
        try:
            found = np.round(peaks(self._path, self._track)[:, None] * [-FULL, FULL]).astype(np.int8)
            self.signals.ready.emit(self._role, Waveform.of(found))
        except WozError as error:
            self.signals.failed.emit(str(error))
