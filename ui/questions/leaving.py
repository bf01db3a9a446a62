"""Asks before a window is closed on decisions that end with it, as the database, being away, hasn't kept them."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ui.widgets.questions import sure
from woz.base.counts import counted


def may_leave(window: QWidget, away: bool, at_risk: int) -> bool:
    """Whether nothing is lost by closing, or whoever sits there wants it lost."""
    if not away or not at_risk:
        return True
    question = f"Close and lose {counted(at_risk, 'decision')}?"
    return sure(window, question, "Close and lose", "Wait", "The database doesn't answer, so nothing is kept yet.")
