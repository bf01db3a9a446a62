"""Plays one place of a session at a time."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.editor.player import Player
from ui.editor.subject import Subject, frames_of
from ui.widgets.place_preview import PlacePreview
from ui.widgets.video_view import VideoView
from woz.base.interval import NS_PER_S, Interval
from woz.model.session import Session

LEAD_NS = NS_PER_S
"""It plays from so long before a place until so long after."""


class PlacePlayer(PlacePreview):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._player: Player | None = None
        self._media: Path | None = None
        self._place: Interval | None = None
        self._view = VideoView("Space plays what is chosen.")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._view)

    def play(self, session: Session, media: Path, place: Interval) -> None:
        if media != self._media:
            self._open(session, media)
        if self._player is None:
            return
        if self._player.playing and place == self._place:
            self._player.toggle()
            return
        self._place = place
        end_ns = min(place.end_ns + LEAD_NS, session.duration_ns or place.end_ns + LEAD_NS)
        self._player.play_once(Interval(max(0, place.start_ns - LEAD_NS), max(end_ns, place.start_ns + 1)))

    def close_player(self) -> None:
        if self._player:
            self._player.close()
            self._player.deleteLater()
        self._player = self._media = None

    def _open(self, session: Session, media: Path) -> None:
        self.close_player()
        subject = Subject(session, media)
        frames = frames_of(subject)
        self._view.clear(frames.why)
        self._player, self._media = Player(subject.shown, frames, self), media
        self._player.picture.connect(self._view.show_picture)
