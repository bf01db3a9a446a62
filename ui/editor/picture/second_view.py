"""A further camera's picture beside the first: the frame of its own table at the time that is shown."""

from __future__ import annotations

import logging
from pathlib import Path

import av
from PySide6.QtCore import QObject, Signal

from ui.widgets.ending import Ending
from ui.widgets.fetching import Fetching, Wish
from woz.base.errors import WozError, permitted
from woz.model.stream import StreamKind, frames_of
from woz.playback.frames import FrameReader
from woz.recording.folder.frame_index import frame_index
from woz.recording.folder.manifest import StreamEntry
from woz.recording.folder.session_folder import SessionFolder
from woz.timing.clock_map import ClockMap

log = logging.getLogger(__name__)

CACHE_BYTES = 64 * 2**20
AHEAD = 8


class SecondView(QObject):
    """`picture` gives its frames, None where the camera has none at that time."""

    picture = Signal(object)

    def __init__(
        self, film: Path, table: Path, clock_map: ClockMap, name: str, parent: QObject | None = None
    ) -> None:
        """Raises WozError for a film that can't be read."""
        super().__init__(parent)
        self.name = name
        self._map = clock_map
        self.frames = FrameReader(film, frame_index(film, table), CACHE_BYTES)
        self._fetching = Fetching(self.frames, self)
        self._fetching.came.connect(self._came)
        self._number = -1
        self._goes = False
        self.shown: int | None = None
        """The number of the frame that is shown."""

    @classmethod
    def of(cls, folder: SessionFolder, parent: QObject | None = None) -> tuple[SecondView | None, str]:
        """The first further view of a session that can be read; None where there is none, and why not."""
        why = "This session has no second view; woz import adds one."
        for entry in _further(folder):
            film, table = folder.path / entry.path, folder.path / frames_of(entry.view)
            try:
                laid = ClockMap.from_json(entry.clock_map) if entry.clock_map else ClockMap.shift(0)
                return cls(film, table, laid, entry.view or "Second view", parent), ""
            except WozError as error:
                log.info("no second view: %s", error)
                why = str(error)
        return None, why

    def number_at(self, t_ns: int) -> int | None:
        """Of its frame at a time of the session; None before its first and after its last."""
        own_ns, times = self._map.from_session(t_ns), self.frames.times
        last = times[-1] - times[-2] if len(times) > 1 else 0
        return self.frames.at(own_ns) if times and times[0] <= own_ns <= times[-1] + last else None

    def show_time(self, t_ns: int, goes: bool) -> None:
        """The frame of a time; while it `goes` on, pictures that come late are passed over."""
        number = self.number_at(t_ns)
        if number is None:
            self._number, self.shown = -1, None
            self._fetching.ask(None)
            self.picture.emit(None)
            return
        back, self._number, self._goes = number < self._number, number, goes
        kept = self.frames.kept(number)
        if kept is not None:
            self._show(number, kept)
        if (kept is None or goes) and not (goes and self._fetching.waits):
            self._fetching.ask(Wish(number, back=back, ahead=AHEAD))

    def close(self, ending: Ending | None = None) -> None:
        if self._fetching.close(ending):
            self.frames.close()

    def _came(self, wish: Wish, frame: av.VideoFrame | None) -> None:
        if frame is not None and (wish.number == self._number or self._goes):
            self._show(wish.number, frame)

    def _show(self, number: int, frame: av.VideoFrame) -> None:
        if number != self.shown:
            self.shown = number
            self.picture.emit(frame)


def _further(folder: SessionFolder) -> list[StreamEntry]:
    """The further views that are here; none of a session whose manifest can't be read."""
    try:
        with permitted():
            found = [each for each in folder.manifest().streams if each.kind == StreamKind.OTHER_VIEW]
            return [each for each in found if (folder.path / each.path).exists()]
    except WozError as error:
        log.info("no second view: %s", error)
        return []
