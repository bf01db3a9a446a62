"""What was said round a question: two turns before its own, and two after."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from ui.theme import GRID, colours
from ui.widgets.parts import clock_text, label, panel
from woz.lab.reviewing import ReviewItem
from woz.model.people import Role

NAMES = {Role.TRAINEE: "Trainee", Role.EXPERT: "Expert", Role.OTHER: "Somebody else"}


class TurnsAround(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._shown: QWidget | None = None

    def show_item(self, item: ReviewItem | None) -> None:
        if self._shown is not None:
            self._layout.removeWidget(self._shown)
            self._shown.deleteLater()
        self._shown = _made(item) if item else None
        if self._shown is not None:
            self._layout.addWidget(self._shown)


def _made(item: ReviewItem) -> QWidget:
    if not item.turns:
        return panel(label("The turns that it was made from are gone.", "muted", wrap=True))
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(GRID * 2)
    grid.setVerticalSpacing(GRID)
    grid.setColumnStretch(2, 1)
    look = colours()
    shades = {Role.TRAINEE: look.trainee, Role.EXPERT: look.expert, Role.OTHER: look.none}
    for row, turn in enumerate(item.turns):
        own = turn.id in item.sources
        when, who = label(clock_text(turn.interval.start_ns), "muted"), label(NAMES[turn.speaker])
        who.setStyleSheet(f"color: {shades[turn.speaker]}; font-weight: 600;")
        text = label(turn.text, "" if own else "muted", wrap=True)
        text.setStyleSheet("font-weight: 600;" if own else "")
        for column, widget in enumerate((when, who, text)):
            grid.addWidget(widget, row, column, Qt.AlignmentFlag.AlignTop)
    holder = QWidget()
    holder.setLayout(grid)
    return panel(label("What was said", "heading"), holder)
