"""Both voices: levels, how the expert speaks, how loud the trainee is."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QSlider, QVBoxLayout, QWidget

from ui.theme import GRID, icon
from ui.widgets.meter import Meter
from ui.widgets.parts import button, label
from woz.live.seats.console_seat import ConsoleStatus

LOUDEST_PERCENT = 200
VOLUME_STEP_PERCENT = 10
NO_MICROPHONE = "You joined without a microphone: only canned sentences are heard"


class VoicePanel(QFrame):
    """`muted` tells each change of the microphone, `volume` a gain (1 is as it comes), `refused` why a key did
    nothing."""

    muted = Signal(bool)
    volume = Signal(float)
    hold_changed = Signal(bool)
    refused = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self._silent, self._has_microphone = False, True
        self._own, self._trainee = Meter("Your own level"), Meter("The trainee's level")
        self._mute = button("Mute", "microphone")
        self._mute.setCheckable(True)
        self._mute.clicked.connect(self.toggle)
        self._hold = QCheckBox("Speak only while Space is held")
        self._hold.toggled.connect(self._change_hold)
        self._volume = _volume_slider()
        self._volume.valueChanged.connect(lambda percent: self.volume.emit(percent / 100))
        self.controls: list[QWidget] = [self._mute, self._hold, self._volume]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID, GRID, GRID, GRID)
        layout.setSpacing(GRID // 2)
        you, trainee = label("You", "muted"), label("Trainee's level and volume", "muted")
        for part in (you, self._own, self._mute, self._hold, trainee, self._trainee, self._volume):
            layout.addWidget(part)

    @property
    def hold(self) -> bool:
        """The expert speaks only while Space is held."""
        return self._hold.isChecked()

    def toggle(self) -> None:
        if self._may_speak():
            self.set_muted(not self._silent)

    def toggle_hold(self) -> None:
        if self._may_speak():
            self._hold.toggle()

    def talk(self, held: bool) -> None:
        """Space went down or up."""
        if self.hold:
            self.set_muted(not held)

    def set_muted(self, silent: bool) -> None:
        self._mute.setChecked(silent)
        if silent == self._silent:
            return
        self._silent = silent
        self._mute.setText("Speak" if silent else "Mute")
        self._mute.setAccessibleName(self._mute.text())
        self._mute.setIcon(icon("muted" if silent else "microphone"))
        self.muted.emit(silent)

    def louder(self, steps: int) -> None:
        self._volume.setValue(self._volume.value() + steps * VOLUME_STEP_PERCENT)

    def show_status(self, status: ConsoleStatus) -> None:
        self._show_microphone(status.has_microphone)
        self._own.set_level(status.own_level_db)
        self._trainee.set_level(status.trainee_level_db)

    def _show_microphone(self, there: bool) -> None:
        """Without one there is nothing to mute, and no level."""
        if there == self._has_microphone:
            return
        self._has_microphone = there
        self._own.setVisible(there)
        for part in (self._mute, self._hold):
            part.setEnabled(there)
            part.setToolTip("" if there else NO_MICROPHONE)

    def _may_speak(self) -> bool:
        if not self._has_microphone:
            self.refused.emit(NO_MICROPHONE)
        return self._has_microphone

    def _change_hold(self, hold: bool) -> None:
        self.set_muted(hold)
        self.hold_changed.emit(hold)


def _volume_slider() -> QSlider:
    made = QSlider(Qt.Orientation.Horizontal)
    made.setRange(0, LOUDEST_PERCENT)
    made.setValue(100)
    made.setPageStep(VOLUME_STEP_PERCENT)
    made.setAccessibleName("The trainee's volume, in percent")
    made.setToolTip("How loud you hear the trainee; the recording is not changed")
    return made
