"""A voice in the bar above the time line: heard or not, alone, and how loud."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton

from ui.editor.player import Player

LOUDNESS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
FIRST_VOICE = 7
"""The F key of the first track; the next track has the next."""


class VoiceButton(QToolButton):
    """Pressed while the voice is heard; its menu sets how."""

    def __init__(self, player: Player, track: int, name: str) -> None:
        super().__init__()
        self._player, self._track, self.name = player, track, name
        self._gain = 1.0
        self.setCheckable(True)
        self.setChecked(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        menu = QMenu(self)
        self._alone = QAction(f"{name} alone\tShift+F{FIRST_VOICE + track}", menu, checkable=True)
        self._alone.triggered.connect(self.toggle_alone)
        menu.addAction(self._alone)
        menu.addSeparator()
        self._group = QActionGroup(menu)
        for gain in LOUDNESS:
            made = QAction(f"{gain * 100:g} % as loud", menu, checkable=True)
            made.setChecked(gain == 1)
            made.triggered.connect(lambda _=False, gain=gain: self.set_gain(gain))
            menu.addAction(self._group.addAction(made))
        self.setMenu(menu)
        self.toggled.connect(lambda: self.set_gain(self._gain))
        player.voices_changed.connect(self._show)
        self._show()

    def toggle_alone(self) -> None:
        self._player.hear_alone(None if self._player.alone == self._track else self._track)

    def set_gain(self, gain: float) -> None:
        """As loud as recorded by 1; a voice that is switched off stays so."""
        self._gain = gain
        self._player.set_gain(self._track, gain if self.isChecked() else 0.0)

    def louder(self, steps: int) -> None:
        """The next loudnesses up, or down."""
        place = min(max(0, LOUDNESS.index(self._gain) + steps), len(LOUDNESS) - 1)
        self.set_gain(LOUDNESS[place])

    def _show(self) -> None:
        others = self._player.alone not in (None, self._track)
        louder = "" if self._gain == 1 else f" {self._gain * 100:g} %"
        said = f" (alone){louder}" if self._player.alone == self._track else " (off)" if others else louder
        self.setText(self.name + said)
        self._alone.setChecked(self._player.alone == self._track)
        self._group.actions()[LOUDNESS.index(self._gain)].setChecked(True)
        self.setAccessibleName(f"{self.name}'s voice is heard" if self.isChecked() else f"{self.name} is muted")
