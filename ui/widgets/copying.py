"""Texts to be handed on: shown whole, and put into the clipboard by a button that says so."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication, QTextOption
from PySide6.QtWidgets import QPlainTextEdit, QPushButton

from ui.theme import GRID
from ui.widgets.parts import button

COPIED, COPIED_MS = "Copied", 1_500


def whole_text(text: str, name: str, lines: int) -> QPlainTextEdit:
    """Read-only, broken anywhere, so that no character is hidden where it takes so many lines."""
    made = QPlainTextEdit(text)
    made.setReadOnly(True)
    made.setTabChangesFocus(True)
    made.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
    made.setAccessibleName(name)
    made.setFixedHeight(made.fontMetrics().lineSpacing() * lines + GRID * 4)
    return made


def copy_button(name: str, text: str) -> QPushButton:
    """Copies a text."""
    made = button(name, "copy")
    made.setAutoDefault(False)
    made.clicked.connect(lambda _=False: copy_text(text, made))
    return made


def copy_text(text: str, pressed: QPushButton) -> None:
    """The button says for a while that it did."""
    QGuiApplication.clipboard().setText(text)
    name = pressed.text()
    if name != COPIED:
        pressed.setText(COPIED)
        QTimer.singleShot(COPIED_MS, pressed, lambda: pressed.setText(name))
