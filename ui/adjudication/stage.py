"""The picture and the tiers below it, at one place: shown and played for all tiers at once."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.adjudication.stack import Line, TierStack
from ui.editor.player import Player
from ui.editor.subject import Subject, frames_of
from ui.theme import GRID
from ui.widgets.video_view import VideoView
from woz.base.interval import NS_PER_S, Interval

LEAD_NS = NS_PER_S
"""It plays from so long before a place until so long after."""


class Stage(QWidget):
    """Nothing is shown before `open`. A recording that isn't here is said; the tiers are shown all the same."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._player: Player | None = None
        self._length_ns = 0
        self.view = VideoView("Choose a place.")
        self.stack = TierStack()
        self.stack.sought.connect(self._seek)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.stack)

    def open(self, subject: Subject) -> None:
        """Raises WozError where the video can't be read."""
        self.close_player()
        frames = frames_of(subject)
        self._length_ns = subject.session.duration_ns or (frames.times[-1] if frames.times else 0)
        self.view.clear(frames.why)
        self._player = Player(subject.media, frames, self)
        self._player.picture.connect(self.view.show_picture)
        self._player.moved.connect(self.stack.show_time)

    @property
    def position_ns(self) -> int:
        return self._player.position_ns if self._player else 0

    @property
    def playing(self) -> bool:
        return self._player is not None and self._player.playing

    def show_place(
        self, lines: Sequence[Line], place: Interval, play: bool = True, seen: Interval | None = None
    ) -> None:
        """Stand at the place, or play it once; so much round it is `seen`, at least."""
        self.stack.show_lines(lines, seen or place)
        if self._player is None:
            return
        end_ns = place.end_ns + LEAD_NS
        around = Interval(
            max(0, place.start_ns - LEAD_NS), min(end_ns, self._length_ns) if self._length_ns else end_ns
        )
        if play and around:
            self._player.play_once(around)
        else:
            self._player.seek(place.start_ns)

    def toggle(self) -> None:
        if self._player:
            self._player.toggle()

    def close_player(self) -> None:
        if self._player:
            self._player.close()
            self._player.deleteLater()
            self._player = None

    def _seek(self, t_ns: object) -> None:
        if self._player and isinstance(t_ns, int):
            self._player.seek(t_ns)
