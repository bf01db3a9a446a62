"""The lamps before a recording: an icon, a word and a colour each, and what to do where one isn't good."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from ui.theme import GRID, colours, icon
from ui.widgets.parts import label
from woz.live.station.preflight import Lamp, LampState

LOOKS = {
    LampState.GOOD: ("step", "success", "Good"),
    LampState.CHECK: ("help", "warning", "Check"),
    LampState.BAD: ("mistake", "danger", "Not ready"),
}

SIGN = 16
"""As high as a line of words."""


class LampList(QWidget):
    """One line a lamp; a line is made when its lamp is first shown."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: dict[str, _Line] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GRID)
        self._grid.setVerticalSpacing(1)
        self._grid.setColumnStretch(2, 1)

    def show_lamps(self, lamps: Sequence[Lamp]) -> None:
        for lamp in lamps:
            if lamp.name not in self._lines:
                self._lines[lamp.name] = _Line(self._grid, len(self._lines) * 2)
            self._lines[lamp.name].show(lamp)

    def text_of(self, name: str) -> str:
        """All that a line says, as a screen reader gets it."""
        return self._lines[name].image.accessibleName()


class _Line:
    def __init__(self, grid: QGridLayout, at: int) -> None:
        self._shown: tuple[Lamp, str] | None = None
        self.image = QLabel()
        self.image.setFixedSize(20, SIGN)
        self._name, self._found = label(), label("", "muted", wrap=True)
        self._advice = label("", "muted", wrap=True)
        self._name.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._found.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        self._advice.setContentsMargins(0, 0, 0, GRID // 2)
        grid.addWidget(self.image, at, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._name, at, 1)
        grid.addWidget(self._found, at, 2)
        grid.addWidget(self._advice, at + 1, 1, 1, 2)

    def show(self, lamp: Lamp) -> None:
        image, name, word = LOOKS[lamp.state]
        colour = getattr(colours(), name)
        if (lamp, colour) == self._shown:
            return
        self._shown = lamp, colour
        self.image.setPixmap(icon(image, colour).pixmap(SIGN, SIGN))
        self.image.setAccessibleName(f"{lamp.name}: {word}, {lamp.found}. {lamp.advice}".strip())
        good = lamp.state == LampState.GOOD
        self._name.setText(lamp.name)
        self._found.setText(lamp.found if good else f"{word}: {lamp.found}")
        self._advice.setText(lamp.advice)
        self._advice.setVisible(not good)
