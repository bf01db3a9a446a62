"""What is wrong with the session's video, said while it is so: by its frames at once, by its checksum once read."""

from __future__ import annotations

import threading
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal

from ui.application.holding import start_with
from ui.editor.beside import once_open
from ui.editor.player import Player
from ui.widgets.ending import Ending
from ui.widgets.parts import Banner
from woz.base.commands import with_project
from woz.base.errors import WozError
from woz.base.supervision import Supervisor
from woz.playback.frames import FrameReader, Frames
from woz.playback.stand_in import film_at_hand
from woz.recording.folder.film_check import REPLACED, film_doubt, is_recorded
from woz.recording.folder.session_folder import SessionFolder

SMALL = (
    "You see a small copy: {name} itself is not on this computer. All can be annotated; for its full quality run"
    " woz media fetch PROJECT --session {session}."
)
WAIT_S = 0.5
"""While it plays the checksum isn't read, and so often looked again."""


class FilmWatch(QObject):
    """`banner` has its place in the window."""

    _read = Signal(object, str)

    def __init__(self, film: Path, frames: Frames, player: Player, project: Path | None = None) -> None:
        super().__init__(player)
        self._folder, self._player = SessionFolder(film.parent), player
        self.banner = Banner()
        self.done = False
        """Whether the checksum was read, or can't be."""
        self.same: bool | None = None
        """Whether the film is the recorded one by its checksum; None while that isn't known."""
        self._end = threading.Event()
        self._thread: threading.Thread | None = None
        self._read.connect(self._told, Qt.ConnectionType.QueuedConnection)
        self._small = not film.exists() and film_at_hand(film) != film
        if self._small:
            self.banner.tell(with_project(SMALL.format(name=film.name, session=film.parent.name), project))
        elif isinstance(frames, FrameReader):
            self.banner.tell(film_doubt(self._folder, frames.index))

    def start(self) -> None:
        """Nothing is read where the film isn't here."""
        if self._small:
            self.done = True
            return
        once_open(self, self._begin)

    def _begin(self) -> None:
        if not self._end.is_set():
            self._thread = Supervisor().thread("check of the video", self._check, daemon=True)
            start_with(self._thread, self)

    def close(self, ending: Ending | None = None) -> None:
        """What is being read is given up."""
        self._end.set()
        (ending or Ending()).of(self._thread, "the check of the video")

    def _check(self) -> None:
        try:
            self._read.emit(is_recorded(self._folder, self._go_on), "")
        except WozError as error:
            self._read.emit(None, str(error))

    def _go_on(self) -> bool:
        """Waits while it plays, so that nothing is taken from it."""
        while self._player.rate and not self._end.is_set():
            self._end.wait(WAIT_S)
        return not self._end.is_set()

    def _told(self, same: bool | None, fault: str) -> None:
        """A file that is cut short says so; that its checksum differs adds nothing."""
        if fault or (same is False and not self.banner.text):
            self.banner.tell(fault or REPLACED)
        self.done, self.same = True, same
