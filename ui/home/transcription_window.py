"""The window of a running transcription: what is asked for, how far it is, how long it still takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QFormLayout, QSizePolicy, QWidget

from ui.home.working_dialog import WorkingDialog
from ui.theme import GRID
from ui.widgets.running import Running
from woz.base.interval import NS_PER_S
from woz.transcription.turns import TurnSettings

LANGUAGES = {
    "": "find out",
    "en": "English",
    "it": "Italian",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "ja": "Japanese",
    "zh": "Chinese",
}

WIDTH, HEIGHT = 620, 600


@dataclass(frozen=True, slots=True)
class Threshold:
    """Of the turns, in seconds."""

    label: str
    usual_s: float
    least_s: float
    most_s: float


THRESHOLDS = {
    "pause": Threshold("New turn after a silence of", TurnSettings().pause_ns / NS_PER_S, 0.1, 10.0),
    "longest": Threshold("Longest turn", TurnSettings().longest_ns / NS_PER_S, 5.0, 600.0),
}
"""By the command's own names of them."""


class TranscriptionDialog(WorkingDialog):
    """Runs `woz transcribe`."""

    def __init__(self, target: Sequence[str], settings: QSettings, parent: QWidget | None = None) -> None:
        """`target`: the command's own arguments, the project and the session. `settings` keep the thresholds."""
        running = Running("Transcribed", "⚠ Not transcribed; the last line says why")
        super().__init__("Transcribe", "Transcribe", running, parent)
        self._target = list(target)
        self._settings = settings
        self._build()
        self.lay_out(self._choices, WIDTH, HEIGHT)
        self._start.setFocus()

    def _build(self) -> None:
        self._language = QComboBox()
        for code, name in LANGUAGES.items():
            self._language.addItem(name, code)
        self._translate = QCheckBox("Keep an English text beside the first")
        self._mixed = QCheckBox("One track holds everybody: tell the voices apart")
        self._bystanders = QCheckBox("Tell people standing by from the trainee")
        self._fetch = QCheckBox("First fetch the models that are not on this machine yet")
        self._thresholds = {name: self._threshold(name) for name in THRESHOLDS}
        form = QFormLayout(self._choices)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(GRID)
        self._choices.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        form.addRow("Language", self._language)
        for box in (self._translate, self._mixed, self._bystanders, self._fetch):
            form.addRow("", box)
        for name, spin in self._thresholds.items():
            form.addRow(THRESHOLDS[name].label, spin)

    @property
    def arguments(self) -> list[str]:
        """Of the command line."""
        flags = {
            "--translate": self._translate,
            "--mixed": self._mixed,
            "--bystanders": self._bystanders,
            "--fetch": self._fetch,
        }
        language = self._language.currentData()
        chosen = ["--language", language] if language else []
        for name, spin in self._thresholds.items():
            chosen += [f"--{name}", f"{spin.value():g}"]
        return ["transcribe", *self._target, *chosen, *(flag for flag, box in flags.items() if box.isChecked())]

    def _threshold(self, name: str) -> QDoubleSpinBox:
        threshold = THRESHOLDS[name]
        spin = QDoubleSpinBox()
        spin.setAccessibleName(threshold.label)
        spin.setRange(threshold.least_s, threshold.most_s)
        spin.setSingleStep(threshold.least_s)
        spin.setDecimals(1)
        spin.setSuffix(" s")
        kept = self._settings.value(f"transcription/{name}", threshold.usual_s, float)
        assert isinstance(kept, float)
        spin.setValue(kept)
        return spin

    def start(self) -> None:
        for name, spin in self._thresholds.items():
            self._settings.setValue(f"transcription/{name}", spin.value())
        super().start()
