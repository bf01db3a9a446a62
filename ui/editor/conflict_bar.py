"""Says that somebody else changed the same at the same time, and asks whose stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout

from ui.theme import GRID
from ui.widgets.parts import button, label


@dataclass(frozen=True, slots=True)
class Clash:
    """One edit that met another's: what it was to do, whose came first, and per field what each made of it."""

    edit: str
    who: str
    fields: tuple[str, ...]
    theirs: tuple[str, ...]
    mine: tuple[str, ...]

    def __str__(self) -> str:
        parts = [
            f"{field}: theirs {theirs}, mine {mine}"
            for field, theirs, mine in zip(self.fields, self.theirs, self.mine, strict=True)
        ]
        return f"{self.who} changed the same meanwhile. {'; '.join(parts)}"


class ConflictBar(QFrame):
    """Shown while a clash waits for an answer; the answers of several are asked for one after the other.

    Until then theirs is what stands, since it was stored first.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "banner")
        self._waiting: list[tuple[Clash, Callable[[], object]]] = []
        self._words = label(wrap=True)
        self._theirs, self._mine = button("Keep theirs", "check"), button("Take mine", "redo")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(GRID * 2, GRID, GRID * 2, GRID)
        layout.setSpacing(GRID)
        layout.addWidget(self._words, 1)
        for each in (self._theirs, self._mine):
            each.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            layout.addWidget(each)
        self._theirs.clicked.connect(self._answered)
        self._mine.clicked.connect(self._take_mine)
        self.hide()

    def ask(self, clash: Clash, take_mine: Callable[[], object]) -> None:
        """`take_mine` is called where that is the answer."""
        self._waiting.append((clash, take_mine))
        self._show_first()

    @property
    def text(self) -> str:
        return self._words.text() if self._waiting else ""

    def _take_mine(self) -> None:
        _, take = self._waiting[0]
        self._answered()
        take()

    def _answered(self) -> None:
        self._waiting.pop(0)
        self._show_first()

    def _show_first(self) -> None:
        text = str(self._waiting[0][0]) if self._waiting else ""
        self._words.setText(text)
        self._words.setAccessibleName(text)
        self.setVisible(bool(self._waiting))
