"""What follows on a session at the station: its check, the editor, or another session."""

from __future__ import annotations

import subprocess
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QObject

from ui.application.programs import program
from ui.station.checking import Checking
from ui.station.saved import read_saved
from ui.station.window import StationWindow
from woz.model.ids import SessionId
from woz.recording.folder.manifest import Manifest


class Follows(StrEnum):
    """What the operator wishes once the station has closed."""

    NOTHING = "nothing"
    ANOTHER = "another session"
    THE_FORM = "the form of this session again"


class Afterwards(QObject):
    """Shows what was saved, each time more of it has come; `follows` is what is wished then."""

    def __init__(
        self, window: StationWindow, project: Path, sessions: Path, session_id: SessionId, checks: bool
    ) -> None:
        """`checks`: look at the files, too."""
        super().__init__(window)
        self._window, self._project, self._sessions = window, project, sessions
        self._session_id, self._checks = session_id, checks
        self._checking = Checking(project, self)
        self._checking.found.connect(window.show_finding)
        self._checking.far.connect(window.show_far)
        self.follows = Follows.NOTHING
        window.annotate.connect(self._annotate)
        window.another.connect(lambda: self._wish(Follows.ANOTHER))
        window.back.connect(lambda: self._wish(Follows.THE_FORM))

    def show(self, manifest: Manifest) -> None:
        if manifest.session_id == self._session_id:
            self._window.show_saved(read_saved(self._sessions, manifest), self._checks)
            if self._checks:
                self._checking.begin(manifest.session_id)

    def end(self) -> None:
        """Drop a check that runs."""
        self._checking.end()

    def _wish(self, follows: Follows) -> None:
        self.follows = follows

    def _annotate(self) -> None:
        """In a process of its own, which stays when the station is closed."""
        command = program("annotate", str(self._project), "--session", self._session_id)
        subprocess.Popen(command, start_new_session=True)
