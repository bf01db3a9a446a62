"""What reads whole files beside the window begins once that is open: it would hold the opening up."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

ONCE_OPEN_MS = 300


def once_open(owner: QObject, begin: Callable[[], object]) -> None:
    """As long as the owner is there."""
    QTimer.singleShot(ONCE_OPEN_MS, owner, begin)
