"""Which project a window is on, for the commands that its sentences advise."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from woz.base.commands import with_project

PROJECT = "project"
"""The property of a window for the project's folder."""


def set_project(window: QWidget, folder: Path | None) -> None:
    """Of the window, and of those that it opens; None while it is on none."""
    window.setProperty(PROJECT, None if folder is None else str(folder))


def named_here(widget: QWidget, sentence: str) -> str:
    """The sentence with the folder of the project that the widget's window, or the one that opened it, is on."""
    at: QWidget | None = widget
    while at and not at.property(PROJECT):
        at = at.parentWidget()
    return with_project(sentence, at.property(PROJECT) if at else None)
