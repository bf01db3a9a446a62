"""Hears again what was said at a point, from its file in the session's folder."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from ui.editor.marking import Marking
from ui.editor.player import Player
from woz.annotation.document import Document
from woz.annotation.spoken import sound_of
from woz.base.errors import WozError
from woz.playback.spoken_note import NotePlayer
from woz.recording.folder.spoken_note import FOLDER

LOOK_MS = 100


class Hearing(QObject):
    """The film stands meanwhile."""

    def __init__(self, document: Document, marking: Marking, player: Player, session: Path) -> None:
        super().__init__(marking)
        self._document, self._marking, self._player, self._session = document, marking, player, session
        self.notes = NotePlayer()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)
        player.playing_changed.connect(lambda playing: self.stop() if playing else None)

    def toggle(self) -> bool:
        """Hear the chosen point, or stop; False where no sound belongs to it."""
        chosen, tier_type = self._marking.chosen, self._marking.tier_type
        place = sound_of(tier_type, chosen) if chosen and tier_type else ""
        if not place:
            return False
        if not place.startswith(f"{FOLDER}/") or ".." in place:
            self._marking.said.emit(
                f"What was said, {place}, was recorded elsewhere and isn't in this session's folder."
            )
            return True
        if self.notes.playing:
            self.stop()
            return True
        self._player.shuttle(0)
        try:
            self.notes.play(self._session / place)
        except WozError as error:
            self._marking.said.emit(str(error))
            return True
        self._timer.start()
        self._marking.hinted.emit("What was said is heard; P stops it")
        return True

    def stop(self) -> None:
        if self._timer.isActive():
            self._timer.stop()
            self._marking.hinted.emit("")
        self.notes.stop()

    def close(self) -> None:
        self.stop()

    def _look(self) -> None:
        problem = self.notes.problem
        if not self.notes.playing:
            self.stop()
        if problem:
            self._marking.said.emit(problem)
