"""The confidence below which a recognised word is doubtful, as a person sets it."""

from __future__ import annotations

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QInputDialog

from ui.editor.keys import Keys, Place
from ui.editor.transcript import TranscriptPanel
from woz.annotation.doubts import UNSURE_BELOW

SETTING = "editor_doubt_below_percent"


class DoubtLevel:
    """Remembered where there are settings."""

    def __init__(self, panel: TranscriptPanel, settings: QSettings | None) -> None:
        self._panel, self._settings = panel, settings
        panel.doubt_below(_remembered(settings) / 100)

    def add_keys(self, keys: Keys) -> None:
        keys.add("Which words are doubtful: below how much confidence", "Shift+H", self.ask, Place.TRANSCRIPT)

    def ask(self) -> None:
        now = round(self._panel.below * 100)
        asked = "A word is doubtful where the recogniser's confidence is below (per cent):"
        percent, given = QInputDialog.getInt(self._panel, "Doubtful words", asked, now, 0, 100, 5)
        if given:
            self._panel.doubt_below(percent / 100)
            if self._settings:
                self._settings.setValue(SETTING, percent)


def _remembered(settings: QSettings | None) -> int:
    text = str(settings.value(SETTING, "")) if settings else ""
    return min(int(text), 100) if text.isdecimal() else round(UNSURE_BELOW * 100)
