"""Frames read beside the window: only the latest wish counts."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal

from ui.application.holding import start_with
from ui.widgets.ending import Ending
from woz.base.supervision import Supervisor
from woz.playback.frames import Frames

BEFORE = 4
"""While one goes backwards, so many frames before the one that is shown are kept ready."""
EARLIER = 3
"""So many times as far before, since a whole group may have to be decoded for it."""


@dataclass(frozen=True, slots=True, eq=False)
class Wish:
    """A frame by number; `near` asks for what stands in for it, which is there sooner.

    `ahead` frames are made ready after it, or before it where one goes `back`. While it goes on without a rest
    (`moving`), a small copy does.
    """

    number: int
    near: bool = False
    back: bool = False
    ahead: int = 1
    moving: bool = False


class Fetching(QObject):
    """`came` gives a wish and its frame, None where it can't be read, on the window's thread."""

    came = Signal(object, object)
    _read = Signal(object, object)

    def __init__(self, frames: Frames, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._frames = frames
        self._changed = threading.Condition()
        self._wish: Wish | None = None
        self._served: Wish | None = None
        self._met: Wish | None = None
        self._closed = False
        self._read.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        self._supervisor = Supervisor()
        self._thread = self._supervisor.thread("frames", self._run, daemon=True)

    def ask(self, wish: Wish | None) -> None:
        """In place of what was asked for before; None for nothing any more."""
        with self._changed:
            self._wish = wish
            self._changed.notify()
        if not self._thread.ident:
            start_with(self._thread, self)

    @property
    def waits(self) -> bool:
        """Whether the latest wish isn't met yet."""
        return self._wish is not None and self._met is not self._wish

    def close(self, ending: Ending | None = None) -> bool:
        """Nothing comes after it; whether nobody reads the frames any more, which may be closed then."""
        with self._changed:
            self._closed = True
            self._wish = None
            self._changed.notify()
        return (ending or Ending()).of(self._thread, "a frame of the video")

    def _tell(self, wish: Wish, frame: object) -> None:
        if wish is self._wish and not self._closed:
            self.came.emit(wish, frame)

    # the thread

    def _run(self) -> None:
        while (wish := self._next()) is not None:
            with self._supervisor.turn("frames"):
                self._meet(wish)
                if not wish.near:
                    self._prepare(wish)

    def _meet(self, wish: Wish) -> None:
        """Also where reading fails: nobody waits for ever."""
        frames, frame = self._frames, None
        try:
            read = frames.near if wish.near else frames.moving if wish.moving else frames.read
            frame = read(wish.number, lambda: self._wish is wish)
        finally:
            self._met = wish
            if self._wish is wish:
                self._read.emit(wish, frame)

    def _next(self) -> Wish | None:
        """The next wish; None at the end."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._closed or (self._wish is not None and self._wish is not self._served)
            )
            self._served = self._wish
            return None if self._closed else self._wish

    def _prepare(self, wish: Wish) -> None:
        """What will be asked for if one goes on in the same direction."""
        if wish.back:
            self._prepare_back(wish)
            return
        for number in range(wish.number + 1, wish.number + 1 + wish.ahead):
            if self._wish is not wish:
                return
            self._frames.read(number, lambda: self._wish is wish)

    def _prepare_back(self, wish: Wish) -> None:
        """Many at once, since what lies before is decoded forward from a key frame."""
        if wish.moving:
            self._frames.moving(max(0, wish.number - EARLIER * wish.ahead), lambda: self._wish is wish)
            return
        most = max(BEFORE, wish.ahead)
        if self._frames.kept(max(0, wish.number - max(BEFORE, most // 2))) is None:
            for number in range(max(0, wish.number - most), wish.number):
                if self._wish is not wish:
                    return
                self._frames.read(number, lambda: self._wish is wish)
