"""Fields that show a value of the draft, and change it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QLineEdit

from ui.widgets.push import ENTER


def show_text(field: QLineEdit, text: str) -> None:
    """Without moving the cursor of somebody who types just that."""
    if field.text() != text:
        with QSignalBlocker(field):
            field.setText(text)


def show_choice(field: QComboBox, value: str) -> None:
    with QSignalBlocker(field):
        field.setCurrentIndex(max(0, field.findData(value)))


def choices(name: str, options: Sequence[tuple[str, str]], chosen: Callable[[str], object]) -> QComboBox:
    """A list of values, each with its words."""
    made = QComboBox()
    made.setAccessibleName(name)
    for value, words in options:
        made.addItem(words, value)
    made.currentIndexChanged.connect(lambda _: chosen(str(made.currentData())))
    return made


def show_options(field: QComboBox, options: Sequence[tuple[str, str]]) -> None:
    """Other values to choose from; the chosen one stays where it is still there."""
    with QSignalBlocker(field):
        wanted = field.currentData()
        field.clear()
        for value, words in options:
            field.addItem(words, value)
        field.setCurrentIndex(max(0, field.findData(wanted)))


def line(name: str, placeholder: str, edited: Callable[[str], object]) -> QLineEdit:
    made = QLineEdit()
    made.setAccessibleName(name)
    made.setPlaceholderText(placeholder)
    made.textEdited.connect(edited)
    return made


class Entry(QLineEdit):
    """Takes a name with Enter, is empty again, and waits for the next."""

    def __init__(self, name: str, placeholder: str, taken: Callable[[str], object]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self._taken = taken

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in ENTER:
            super().keyPressEvent(event)
            return
        text = " ".join(self.text().split())
        if text:
            self.clear()
            self._taken(text)
