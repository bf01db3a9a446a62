"""Counts beside the home window whose coding drifts, at most every few minutes, and not while it is recorded."""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject, QSettings, QTimer, Signal

from storage import Project
from ui.application.background import Background
from ui.widgets.who import LAST
from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.lab.drift_watch import DriftWatch, drift_notice, lasting
from woz.lab.readers import reader_here

FIRST_MS = 1_500
"""The window is filled first."""
AGAIN_MS = 300_000
ALL_OF_IT = "Ctrl+G (Project, Progress)"
REST_S = 0.02
"""Between two sessions that are read, so that the window's thread has its turn."""


class DriftLook(QObject):
    """`told` carries what is to be said to whoever sits here; empty for nothing."""

    told = Signal(str)

    def __init__(self, clock: Clock, settings: QSettings) -> None:
        super().__init__()
        self._clock, self._settings = clock, settings
        self._of: tuple[Project, str] | None = None
        """The project, and who annotated here last."""
        self._watch, self._pace = DriftWatch(), _Pace()
        self._work, self._busy, self._again = Background(), False, False
        self._work.done.connect(self._show)
        self._work.failed.connect(lambda _: self._show((self._pace, None)))
        self.pause = QTimer(self)
        self.pause.setSingleShot(True)
        self.pause.timeout.connect(self._look_again)

    def look(self, project: Project) -> None:
        """It may have been changed. Another one than before is looked at soon, and for somebody else anew."""
        self._settings.sync()
        of = project, str(self._settings.value(LAST, ""))
        if of != self._of:
            self.stop()
            self._of, self._watch, self._pace = of, DriftWatch(), _Pace()
            self.pause.start(FIRST_MS)
        self._pace.free.set()
        if self._busy or self.pause.isActive():
            self._again = True
        else:
            self._begin(*of)

    def hold(self) -> None:
        """A session is recorded: what is being counted waits, and nothing is begun, until `look` is called."""
        self._again = False
        if self._of:
            self._pace.free.clear()

    def stop(self) -> None:
        """The project is closed; nothing is told of it any more."""
        self._pace.end()
        self.pause.stop()
        if self._of:
            self.told.emit("")
        self._of, self._busy, self._again = None, False, False

    def _begin(self, project: Project, last: str) -> None:
        self._busy, self._again = True, False
        watch, pace, now_utc_ns = self._watch, self._pace, self._clock.utc_ns()
        self._work.begin("look for drift", lambda: (pace, _notice(watch, project, last, now_utc_ns, pace)))

    def _show(self, found: tuple[_Pace, str | None]) -> None:
        pace, text = found
        if pace is not self._pace or pace.over.is_set():
            return
        self._busy = False
        self.pause.start(AGAIN_MS)
        if text is not None:
            self.told.emit(text)

    def _look_again(self) -> None:
        if self._again and self._of:
            self._begin(*self._of)


class _Pace:
    """Of what is counted of one project: it rests between two sessions, goes on where it is `free` to, and ends
    where it is `over`.
    """

    def __init__(self) -> None:
        self.free, self.over = threading.Event(), threading.Event()

    def rest(self) -> None:
        """Raises WozError at the end."""
        self.free.wait()
        if self.over.wait(REST_S):
            raise WozError("The project was closed meanwhile.")

    def end(self) -> None:
        self.over.set()
        self.free.set()


def _notice(watch: DriftWatch, project: Project, last: str, now_utc_ns: int, pace: _Pace) -> str | None:
    """None where it can't be said, as while the server is away."""
    try:
        reader = reader_here(project, last)
        found = lasting(watch.look(reader, pace.rest), now_utc_ns) if reader else []
        return drift_notice(found, ALL_OF_IT)
    except WozError:
        return None
