"""Where a window shows a place of a session without knowing what plays it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from woz.base.interval import Interval
from woz.model.session import Session


class PlacePreview(QWidget):
    def play(self, session: Session, media: Path, place: Interval) -> None:
        """Play a place of the film `media` once, or stop where this place plays. Where it isn't here, say so."""
        raise NotImplementedError

    def close_player(self) -> None:
        """Let go of film and sound."""
        raise NotImplementedError
