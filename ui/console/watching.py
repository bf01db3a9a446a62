"""What an observer's window leaves out: all that says or marks something."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QMainWindow, QWidget

KEPT = {
    "Last 30 seconds in a corner",
    "Larger",
    "Smaller",
    "Fit the view",
    "Trainee louder",
    "Trainee softer",
    "Trainee's gaze, or not",
    "Leave the session",
    "Show these shortcuts",
}


def only_watch(window: QMainWindow, leave_out: Iterable[QWidget]) -> None:
    """Hide these parts, and take away the keys of what an observer can't do."""
    window.setWindowTitle("woz console, observing")
    for part in leave_out:
        part.hide()
    for action in window.actions():
        if action.text() not in KEPT:
            window.removeAction(action)
            action.setEnabled(False)
