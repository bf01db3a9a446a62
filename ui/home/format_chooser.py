"""The formats that an export may be in, by kind, and what they would leave out of what is exported."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QScrollArea, QVBoxLayout, QWidget

from ui.application.background import Background
from ui.home.annotations_page import capital
from ui.theme import GRID
from ui.widgets.parts import label
from woz.formats.format import Format
from woz.formats.registry import by_room, writers

SETTLED_MS = 300
LEAST_LIST, MOST_TOLD = 104, 88
"""Pixels for the formats, and for what they would leave out; more of either scrolls."""
GROUPS = {
    "project": "The session and its questions",
    "transcripts": "What was said",
    "tiers": "Tiers, for linguists",
    "tables": "Tables",
    "tools": "Other annotation tools",
    "segmentation": "Segmentation and detection",
    "datasets": "As published data sets have it",
}
Losses = Callable[[Sequence[str]], Sequence[str]]
"""What the named formats would leave out, a sentence a format; called in a thread."""


class FormatChooser(QWidget):
    """`chosen` are names of formats."""

    changed = Signal()

    def __init__(self, losses: Losses) -> None:
        super().__init__()
        self._losses = losses
        self.boxes: dict[str, QCheckBox] = {}
        self._told = label("", "muted", wrap=True)
        self._told.setAccessibleName("What would be left out")
        self._work = Background()
        self._work.done.connect(self._show_losses)
        self._work.failed.connect(self._told.setText)
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(SETTLED_MS)
        self._settled.timeout.connect(self._ask)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        formats = self._list()
        formats.setMinimumHeight(LEAST_LIST)
        layout.addWidget(formats, 1)
        self._telling = _scrolled(self._told)
        self._telling.setMaximumHeight(MOST_TOLD)
        self._telling.hide()
        layout.addWidget(self._telling)

    @property
    def chosen(self) -> list[str]:
        return [name for name, box in self.boxes.items() if box.isChecked()]

    @property
    def told(self) -> str:
        """What is said of losses."""
        return self._told.text()

    def look_again(self) -> None:
        """Other sessions are to be exported."""
        self._settled.start()

    def _list(self) -> QScrollArea:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, GRID, 0)
        column.setSpacing(GRID // 2)
        for title, formats in _grouped():
            column.addWidget(label(title, "muted"))
            for each in formats:
                column.addWidget(self._box(each))
        column.addStretch(1)
        return _scrolled(holder)

    def _box(self, each: Format) -> QCheckBox:
        box = QCheckBox(capital(each.title))
        box.setChecked(each.by_default)
        box.setToolTip(f"Without {', '.join(each.loses)}" if each.loses else "")
        box.toggled.connect(self.changed)
        box.toggled.connect(self.look_again)
        self.boxes[each.name] = box
        return box

    def _ask(self) -> None:
        names = self.chosen
        self._work.begin("look at what would be left out", lambda: (names, self._losses(names)))

    def _show_losses(self, answer: tuple[list[str], Sequence[str]]) -> None:
        """An answer to an earlier choice is passed over."""
        names, sentences = answer
        if names == self.chosen:
            self._told.setText("\n".join(f"⚠ {_titled(sentence)}" for sentence in sentences))
            self._telling.setVisible(bool(sentences))


def _titled(sentence: str) -> str:
    """What the formats are called in the list stands for the name that the sentence begins with."""
    name, _, rest = sentence.partition(" ")
    known = writers().get(name)
    return f"{capital(known.title)} {rest}" if known else capital(sentence)


def _scrolled(widget: QWidget) -> QScrollArea:
    scroll = QScrollArea()
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setWidget(widget)
    widget.setAutoFillBackground(False)
    scroll.viewport().setAutoFillBackground(False)
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return scroll


def _grouped() -> Iterator[tuple[str, list[Format]]]:
    rooms = by_room()
    for room, title in GROUPS.items():
        if written := [each for each in rooms.get(room, ()) if each.write]:
            yield title, written
