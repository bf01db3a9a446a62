"""The devices that were chosen last, on this computer, for each project."""

from __future__ import annotations

import hashlib
from pathlib import Path

from PySide6.QtCore import QSettings

from woz.capture.choices import Chosen


class RememberedDevices:
    def __init__(self, settings: QSettings, project: Path) -> None:
        self._settings = settings
        self._group = f"devices/{hashlib.sha256(str(project.resolve()).encode()).hexdigest()[:16]}"

    def recall(self) -> Chosen:
        return Chosen(*(str(self._settings.value(f"{self._group}/{name}", "")) for name in _NAMES))

    def keep(self, chosen: Chosen) -> None:
        for name in _NAMES:
            self._settings.setValue(f"{self._group}/{name}", getattr(chosen, name))


_NAMES = ("source", "microphone", "earpiece")
