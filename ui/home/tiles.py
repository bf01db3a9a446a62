"""What can be begun with, as pictures with words: the first page of an empty program, and of an empty project."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from ui.theme import GRID, colours, icon
from ui.widgets.parts import label, panel
from ui.widgets.push import Push

PICTURE = 32
MOST_RECENT = 5
NEXT = (
    (
        "new",
        "Record",
        "A station beside the trainee, a console for the expert; or import what was recorded elsewhere.",
    ),
    ("check", "Check", "Whether all is whole, and picture and voices in step, measured from the files."),
    ("play", "Transcribe", "Who said what, and when."),
    ("annotate", "Annotate", "Steps, conversation states, questions, frame by frame."),
    ("export", "Export", "In the field's formats; consents are looked at first."),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to begin with: its picture, its name, a sentence, and what it does."""

    image: str
    name: str
    text: str
    do: Callable[[], object]
    first: bool = False


class Tile(Push):
    """A large button with a picture, a name, and a sentence."""

    def __init__(self, choice: Choice) -> None:
        super().__init__()
        self.setProperty("role", "tile-first" if choice.first else "tile")
        self.setAccessibleName(choice.name)
        self.setAccessibleDescription(choice.text)
        colour = colours().on_accent if choice.first else colours().accent
        picture = QLabel()
        picture.setPixmap(icon(choice.image, colour).pixmap(QSize(PICTURE, PICTURE)))
        words = QVBoxLayout()
        words.setSpacing(GRID // 2)
        for text, role in ((choice.name, "heading"), (choice.text, "" if choice.first else "muted")):
            words.addWidget(label(text, role, wrap=role != "heading"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        layout.setSpacing(GRID * 2)
        layout.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        for part in self.findChildren(QLabel):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            if choice.first:
                part.setStyleSheet(f"color: {colour};")
        self.setMinimumHeight(88)
        self.clicked.connect(lambda: choice.do())


class StartPage(QScrollArea):
    """Tiles, then the projects that were open lately, then what comes next."""

    def __init__(self, headline: str, choices: Sequence[Choice], open_project: Callable[[str], object]) -> None:
        super().__init__()
        self._open = open_project
        self._recent = QVBoxLayout()
        self._recent.setSpacing(GRID // 2)
        self._recent_holder = QWidget()
        self._recent_holder.setLayout(self._recent)
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, GRID, 0)
        layout.setSpacing(GRID * 2)
        layout.addWidget(label(headline, "muted", wrap=True))
        layout.addLayout(_tiles(choices))
        layout.addWidget(self._recent_holder)
        layout.addWidget(_next_steps())
        layout.addStretch(1)
        self.setWidget(body)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.show_recent(())

    def show_recent(self, paths: Sequence[str]) -> None:
        """Offer these projects, the newest first."""
        while taken := self._recent.takeAt(0):
            if widget := taken.widget():
                widget.deleteLater()
        self._recent_holder.setVisible(bool(paths))
        if paths:
            self._recent.addWidget(label("Recent projects", "heading"))
        for path in paths[:MOST_RECENT]:
            entry = Push(icon("open"), f"{Path(path).name}    {path}")
            entry.setProperty("role", "entry")
            entry.setAccessibleName(f"Open {path}")
            entry.clicked.connect(lambda _=False, path=path: self._open(path))
            self._recent.addWidget(entry)


def _tiles(choices: Sequence[Choice]) -> QGridLayout:
    grid = QGridLayout()
    grid.setSpacing(GRID * 2)
    for at, choice in enumerate(choices):
        grid.addWidget(Tile(choice), at // 2, at % 2)
    for column in (0, 1):
        grid.setColumnStretch(column, 1)
    return grid


def _next_steps() -> QWidget:
    steps = QHBoxLayout()
    steps.setSpacing(GRID * 2)
    for number, (image, name, text) in enumerate(NEXT, 1):
        column = QVBoxLayout()
        column.setSpacing(GRID // 2)
        picture = QLabel()
        picture.setPixmap(icon(image, colours().accent).pixmap(QSize(24, 24)))
        column.addWidget(picture)
        column.addWidget(label(f"{number}  {name}", "heading"))
        column.addWidget(label(text, "muted", wrap=True))
        column.addStretch(1)
        steps.addLayout(column, 1)
    holder = QWidget()
    holder.setLayout(steps)
    return panel(label("What comes next", "heading"), holder)
