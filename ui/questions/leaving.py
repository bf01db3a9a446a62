"""Asks before a window is closed on decisions that the database, being away, hasn't kept."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ui.widgets.questions import sure
from woz.base.counts import counted


def may_leave(window: QWidget, away: bool, unkept: int) -> bool:
    """Whether nothing is lost by closing, or whoever sits there wants it lost."""
    if not away or not unkept:
        return True
    question = f"Close and lose {counted(unkept, 'decision')}?"
    return sure(window, question, "Close and lose", "Wait", "The database doesn't answer, so nothing is kept yet.")
