"""What follows on a session at the station: its check, the editor, or another session."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import QObject

from ui.station.checking import Checking
from ui.station.saved import read_saved
from ui.station.window import StationWindow
from woz.model.ids import SessionId
from woz.recording.folder.manifest import Manifest


class Afterwards(QObject):
    """Shows what was saved, each time more of it has come; `another` is whether a new session is wished."""

    def __init__(
        self, window: StationWindow, project: Path, sessions: Path, session_id: SessionId, checks: bool
    ) -> None:
        """`checks`: look at the files, too."""
        super().__init__(window)
        self._window, self._project, self._sessions = window, project, sessions
        self._session_id, self._checks = session_id, checks
        self._checking = Checking(project, self)
        self._checking.found.connect(window.show_finding)
        self.another = False
        window.annotate.connect(self._annotate)
        window.another.connect(self._wish)

    def show(self, manifest: Manifest) -> None:
        if manifest.session_id == self._session_id:
            self._window.show_saved(read_saved(self._sessions, manifest), self._checks)
            if self._checks:
                self._checking.begin(manifest.session_id)

    def end(self) -> None:
        """Drop a check that runs."""
        self._checking.end()

    def _wish(self) -> None:
        self.another = True

    def _annotate(self) -> None:
        """In a process of its own, which stays when the station is closed."""
        command = [sys.executable, "-m", "ui.cli", "annotate", str(self._project), "--session", self._session_id]
        subprocess.Popen(command, start_new_session=True)
