"""The bar above the time line: playing, speed, voices, time, undo, and whether all is saved."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QWidget

from ui.editor.player import SPEEDS, Player
from ui.editor.voice_button import VoiceButton
from ui.theme import GRID, icon
from ui.widgets.elided import ElidedLabel
from ui.widgets.parts import button, clock_text, label

SPEED = "editor_speed"
"""The setting that remembers how fast was played last."""


class Transport(QWidget):
    """Drives a player, and shows what it does; `undo`, `redo` and `saved` are for the window to fill.

    With settings, the speed is remembered.
    """

    def __init__(self, player: Player, settings: QSettings | None = None) -> None:
        super().__init__()
        self._player, self._settings = player, settings
        self.play, back, forward = button("Play", "play"), button("Frame", "back"), button("Frame", "forward")
        self.play.setMinimumWidth(button("Pause", "pause").sizeHint().width())
        self.play.clicked.connect(player.toggle)
        back.clicked.connect(lambda: player.show_frame(player.frame_number - 1))
        forward.clicked.connect(lambda: player.show_frame(player.frame_number + 1))
        self._time = label("0:00", "heading")
        self._time.setMinimumWidth(230)
        self._speed = self._speed_box()
        self.voices = [VoiceButton(player, track, name) for track, name in enumerate(("Trainee", "Expert"))]
        self.undo, self.redo = button("Undo", "undo"), button("Redo", "redo")
        self.saved = ElidedLabel()
        self.saved.setText("All changes saved")
        self.saved.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for widget in (self.play, back, forward, self.undo, self.redo):
            widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        for each in (self.play, back, forward, self._time, self._speed, *self.voices):
            layout.addWidget(each)
        self._before_saved = layout.count()
        layout.addWidget(self.saved, 1)
        layout.addWidget(self.undo)
        layout.addWidget(self.redo)
        player.playing_changed.connect(self._show_playing)
        player.speed_changed.connect(self._show_speed)
        self._show_speed(player.speed)

    def add_button(self, made: QPushButton, do: Callable[[], object]) -> None:
        """Before what says whether all is saved."""
        made.clicked.connect(lambda: do())
        layout = self.layout()
        assert isinstance(layout, QHBoxLayout)
        layout.insertWidget(self._before_saved, made)

    def show_time(self, t_ns: int) -> None:
        back = " ◀" if self._player.rate < 0 else ""
        self._time.setText(f"{stamp(t_ns)}   frame {self._player.frame_number}{back}")

    def _speed_box(self) -> QComboBox:
        box = QComboBox()
        box.addItems([f"{speed:g} ×" for speed in SPEEDS])
        box.setAccessibleName("Speed")
        box.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        if self._settings is not None:
            remembered = str(self._settings.value(SPEED, 1.0))
            self._player.set_speed(next((speed for speed in SPEEDS if str(speed) == remembered), 1.0))
        box.activated.connect(lambda i: self._player.set_speed(SPEEDS[i]))
        return box

    def _show_speed(self, speed: float) -> None:
        if speed in SPEEDS:
            self._speed.setCurrentIndex(SPEEDS.index(speed))
            if self._settings is not None:
                self._settings.setValue(SPEED, speed)

    def _show_playing(self, playing: bool) -> None:
        self.play.setText("Pause" if playing else "Play")
        self.play.setIcon(icon("pause" if playing else "play"))


def stamp(t_ns: int) -> str:
    """A time to the millisecond: 0:07.250."""
    return f"{clock_text(t_ns)}.{t_ns // 1_000_000 % 1000:03d}"
