"""Has a small copy of a film with long groups of pictures made beside the window, and scrubbing take it."""

from __future__ import annotations

import threading
from pathlib import Path

import av
from PySide6.QtCore import QObject, Qt, Signal

from ui.application.holding import start_with
from ui.editor.player import Player
from ui.widgets.ending import Ending
from woz.base.errors import WozError
from woz.base.supervision import Supervisor
from woz.playback.frames import FrameReader, Frames
from woz.playback.proxy import Proxy, delete_proxy, make_proxy, needs_proxy, proxy_path

WAIT_S = 0.5
"""While it plays nothing is made, and so often looked again."""


class ProxyLoader(QObject):
    """`progress` tells the part (0..1) that is made, `ready` that it is there, `failed` in a sentence why not."""

    progress = Signal(float)
    ready = Signal()
    failed = Signal(str)
    _made = Signal(bool)

    def __init__(self, film: Path, frames: Frames, player: Player) -> None:
        super().__init__(player)
        self._film, self._player = film, player
        self._frames = frames if isinstance(frames, FrameReader) else None
        self._end = threading.Event()
        self._lock = threading.Lock()
        self._proxy: Proxy | None = None
        self._thread: threading.Thread | None = None
        self._made.connect(self._take, Qt.ConnectionType.QueuedConnection)

    @property
    def there(self) -> bool:
        return self._proxy is not None

    @property
    def making(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Take the one that is there; else make one where the film needs it."""
        if self._frames and needs_proxy(self._frames.index) and not self._open():
            self.make()

    def make(self) -> None:
        """Whether the film needs it or not."""
        if self._frames and not self.making and not self.there:
            self._end.clear()
            self.progress.emit(0.0)
            self._thread = Supervisor().thread("proxy", self._make, self._fail, daemon=True)
            start_with(self._thread, self)

    def delete(self) -> None:
        """What is being made is given up; scrubbing goes on without. Raises WozError where it can't be deleted."""
        self.close()
        delete_proxy(self._film)

    def close(self, ending: Ending | None = None) -> None:
        self._end.set()
        (ending or Ending()).of(self._thread, "the small copy of the video")
        if self._frames:
            self._frames.stand_in = None
        if self._lock.acquire(timeout=WAIT_S):
            proxy, self._proxy = self._proxy, None
            if proxy:
                proxy.close()
            self._lock.release()

    def _open(self) -> bool:
        if not self._frames or not proxy_path(self._film).exists():
            return False
        try:
            self._proxy = Proxy(self._film)
        except WozError:
            return False
        self._frames.stand_in = self._read
        self.ready.emit()
        return True

    def _read(self, number: int) -> av.VideoFrame | None:
        """On the thread that fetches frames."""
        with self._lock:
            return self._proxy.read(number) if self._proxy else None

    def _make(self) -> None:
        assert self._frames
        try:
            self._made.emit(make_proxy(self._film, self._frames.index, self._tell))
        except WozError as error:
            self._fail(error)

    def _fail(self, error: WozError) -> None:
        self.failed.emit(str(error))

    def _tell(self, part: float) -> bool:
        """Waits while it plays, so that nothing is taken from it."""
        self.progress.emit(part)
        while self._player.rate and not self._end.is_set():
            self._end.wait(WAIT_S)
        return not self._end.is_set()

    def _take(self, made: bool) -> None:
        if made and not self._end.is_set():
            self._open()
