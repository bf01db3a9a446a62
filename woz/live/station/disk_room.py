"""How much room the disk still has for a recording, told in time."""

from __future__ import annotations

from dataclasses import dataclass

from woz.base.errors import WozError
from woz.capture.source import SourceInfo
from woz.live.station.config import StationConfig
from woz.live.station.running_session import RunningSession
from woz.model.events import EventKind
from woz.recording.folder.session_folder import free_bytes
from woz.recording.live.disk_estimate import bytes_per_minute, estimated_bytes_per_minute, warning
from woz.recording.live.disk_watch import KEEP_FREE_BYTES


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes, and for how many minutes of recording; None where that can't be known."""

    free: int
    minutes: float | None


class DiskRoom:
    """`problem` says that the disk can't be read, `warning` that it is nearly full; empty where all is well."""

    def __init__(self, config: StationConfig, info: SourceInfo, session: RunningSession) -> None:
        self._config = config
        self._session = session
        self._estimate = self._bytes_per_minute = estimated_bytes_per_minute(info, config.video)
        self.problem = self.warning = ""

    def require(self, least: int) -> None:
        """Raises WozError where fewer bytes than this are free."""
        free = free_bytes(self._config.sessions)
        if free < least:
            raise WozError(f"Only {free // 1024**2} MB are left for recordings; make room and try again.")

    def now(self) -> Room:
        """How long the recording may go on; it ends while a little is still free."""
        session = self._session
        try:
            free = free_bytes(self._config.sessions)
            if session.recording and session.recorder:
                written, elapsed_ns = session.recorder.bytes_written, session.elapsed_ns
                self._bytes_per_minute = bytes_per_minute(self._estimate, written, elapsed_ns)
        except OSError as error:
            self.problem = f"The disk can't be read ({error.strerror}); see that it is there."
            return Room(0, None)
        self.problem = ""
        return Room(free, max(0, free - KEEP_FREE_BYTES) / self._bytes_per_minute)

    def watch(self) -> None:
        """Warn ten minutes ahead, once in the journal."""
        before, self.warning = self.warning, ""
        if self._session.recording and (minutes := self.now().minutes) is not None:
            self.warning = warning(minutes)
            if self.warning and not before:
                self._session.journal(EventKind.DEVICE, "station", {"disk": self.warning})
