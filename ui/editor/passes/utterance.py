"""One note as it is spoken: a microphone that hangs as it opens or closes holds up nobody."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

from ui.widgets.ending import Ending
from woz.base.errors import WozError
from woz.base.supervision import Supervisor
from woz.capture.sound import Microphone
from woz.capture.source import AudioBlock
from woz.capture.stopping import stop_in_time
from woz.model.ids import AnnotationId
from woz.recording.folder.spoken_note import SpokenNote

Open = Callable[[], Microphone]
"""Raises WozError where there is no microphone."""


class Utterance:
    """The microphone is opened and closed, and the file written, on a thread of its own. `told` is called on that
    thread, or the device's, when `listens`, `fault` or `over` has changed.
    """

    def __init__(self, point: AnnotationId, path: Path, open_: Open, told: Callable[[Utterance], object]) -> None:
        self.point, self.path = point, path
        self._open, self._told = open_, told
        self._released = threading.Event()
        self._writing = threading.Lock()
        self._stopped = self._left_behind = False
        self.listens = self.over = False
        self.fault = ""
        """Why not all of it, or nothing, is kept."""
        self.duration_ns = 0
        self.sha256 = ""
        """Of the file; empty where there is none."""
        self._thread = Supervisor().thread("talk", self._run, self._end, daemon=True)

    def begin(self) -> None:
        self._thread.start()

    def release(self) -> None:
        """Nothing more is said; what was is kept soon."""
        self._released.set()

    def leave_behind(self) -> None:
        """It hangs: what comes of it is dropped, and nothing more is told."""
        self._left_behind = True
        self._released.set()
        self.discard()

    def discard(self) -> None:
        """Its file, where there is one."""
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)

    @property
    def hangs(self) -> bool:
        """Whether it was left behind, and still holds its device."""
        return self._left_behind and self._thread.is_alive()

    def wait(self, ending: Ending) -> bool:
        """Whether it is over."""
        return ending.of(self._thread, "the microphone")

    def _run(self) -> None:
        try:
            note = SpokenNote(self.path)
            try:
                self._listen(note)
            finally:
                sha256 = note.close()
            if note.duration_ns and not self._left_behind:
                self.duration_ns, self.sha256 = note.duration_ns, sha256
            else:
                self.discard()
        except WozError as error:
            self.fault = str(error)
        self._end()

    def _listen(self, note: SpokenNote) -> None:
        """Until it is released. Raises WozError where the microphone can't be opened."""
        try:
            microphone = self._open()
            microphone.start(partial(self._take, note), self._fail)
            self.listens = True
            self._tell()
            self._released.wait()
            stop_in_time(f"the microphone {microphone.name}", microphone.stop)
        finally:
            with self._writing:
                self._stopped = True

    def _take(self, note: SpokenNote, block: AudioBlock) -> None:
        """Nothing of a microphone that was left behind."""
        try:
            with self._writing:
                if not self._stopped:
                    note.write(block)
        except OSError as error:
            self._fail(WozError(f"What is said can't be kept in {note.path} ({error.strerror})."))

    def _fail(self, error: WozError) -> None:
        self.fault = str(error)
        self._tell()

    def _end(self, error: WozError | None = None) -> None:
        self.fault = str(error) if error else self.fault
        self.over = True
        self._tell()

    def _tell(self) -> None:
        if not self._left_behind:
            self._told(self)
