"""The window of a running transcription: what is asked for, how far it is, how long it still takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFormLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.theme import GRID
from ui.widgets.entering import steady
from ui.widgets.fitting import fit
from ui.widgets.parts import button, label, row
from ui.widgets.running import Running
from woz.base.interval import NS_PER_S
from woz.transcription.attribution import TurnSettings

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


class TranscriptionDialog(QDialog):
    """Runs `woz transcribe` in a process of its own; closing the window cancels it, and what was made is kept."""

    def __init__(self, target: Sequence[str], settings: QSettings, parent: QWidget | None = None) -> None:
        """`target`: the command's own arguments, the project and the session. `settings` keep the thresholds."""
        super().__init__(parent)
        self.setWindowTitle("Transcribe")
        self._target = list(target)
        self._settings = settings
        self._build()
        steady(self)
        self._start.setFocus()
        fit(self, WIDTH, HEIGHT)

    def _build(self) -> None:
        self._language = QComboBox()
        for code, name in LANGUAGES.items():
            self._language.addItem(name, code)
        self._translate = QCheckBox("Keep an English text beside the first")
        self._mixed = QCheckBox("One track holds everybody: tell the voices apart")
        self._bystanders = QCheckBox("Tell people standing by from the trainee")
        self._thresholds = {name: self._threshold(name) for name in THRESHOLDS}
        self._choices = QWidget()
        form = QFormLayout(self._choices)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(GRID)
        self._choices.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        form.addRow("Language", self._language)
        for box in (self._translate, self._mixed, self._bystanders):
            form.addRow("", box)
        for name, spin in self._thresholds.items():
            form.addRow(THRESHOLDS[name].label, spin)
        self.running = Running("Transcribed", "⚠ Not transcribed; the last line says why")
        self.running.ended.connect(self._show_end)
        self._start, self._close = button("Transcribe", "play", "primary"), button("Close", "stop")
        self._start.clicked.connect(self.start)
        self._close.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID * 2)
        for widget in (label("Transcribe", "title"), self._choices, self.running, row(self._close, self._start)):
            layout.addWidget(widget)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    @property
    def arguments(self) -> list[str]:
        """Of the command line."""
        flags = {"--translate": self._translate, "--mixed": self._mixed, "--bystanders": self._bystanders}
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
        self._choices.setEnabled(False)
        self._start.setEnabled(False)
        self._close.setText("Cancel")
        self._close.setFocus()
        self.running.begin("Starting", self.arguments)

    def reject(self) -> None:
        """Cancel what runs; its end closes nothing, so that what came of it can be read."""
        if self.running.cancel():
            self._close.setEnabled(False)
        else:
            super().reject()

    def _show_end(self) -> None:
        self._choices.setEnabled(True)
        self._start.setEnabled(True)
        self._close.setEnabled(True)
        self._close.setText("Close")
        self._close.setFocus()
