"""What a question set rests on besides its turns: segments and frames, until the question has been asked."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from ui.theme import GRID
from ui.widgets.parts import clock_text, label, panel
from woz.lab.resting import Rest
from woz.lab.reviewing import ReviewItem

LATER = "later than the question, not shown"
PLAYED = "P plays the next of them."


class EvidencePanel(QWidget):
    """Hidden where there is none of it."""

    def __init__(self) -> None:
        super().__init__()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._shown: QWidget | None = None
        self.hide()

    def show_item(self, item: ReviewItem | None, plays: bool) -> None:
        """`plays` says whether there is a clip beside it, in whose place they are played."""
        if self._shown is not None:
            self._layout.removeWidget(self._shown)
            self._shown.deleteLater()
        self._shown = _made(item, plays) if item and item.rests else None
        if self._shown is not None:
            self._layout.addWidget(self._shown)
        self.setVisible(self._shown is not None)


def rest_words(rest: Rest) -> tuple[str, str]:
    """When it is, and what."""
    if rest.at is None:
        return "", rest.name
    begin, end = clock_text(rest.at.start_ns), clock_text(rest.at.end_ns)
    later = "" if rest.played else f" ({LATER})"
    return (f"{begin} – {end}" if rest.at else begin), f"{rest.name}{later}"


def _made(item: ReviewItem, plays: bool) -> QWidget:
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(GRID * 2)
    grid.setVerticalSpacing(GRID)
    grid.setColumnStretch(1, 1)
    for row, rest in enumerate(item.rests):
        when, name = rest_words(rest)
        shown = (label(when, "muted"), label(name, "" if rest.played else "muted", wrap=True))
        for column, widget in enumerate(shown):
            grid.addWidget(widget, row, column, Qt.AlignmentFlag.AlignTop)
    holder = QWidget()
    holder.setLayout(grid)
    parts = [label("What it rests on", "heading"), holder]
    parts += [label(PLAYED, "muted")] if plays and item.playable else []
    return panel(*parts)
