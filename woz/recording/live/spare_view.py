"""The view as it came over the link, kept at the console as a spare: MPEG-TS, which plays wherever it is cut."""

from __future__ import annotations

import logging
from fractions import Fraction
from pathlib import Path

import av
from av.container import OutputContainer

from woz.base.errors import WozError
from woz.base.supervision import Supervisor
from woz.recording.folder.session_folder import free_bytes
from woz.recording.live.backlog import Backlog

log = logging.getLogger(__name__)

TICKS = 90_000
AT_ONCE = {"flush_packets": "1"}
QUEUE_FRAMES = 200
LEAVE_FREE_BYTES = 500 * 1024**2
"""The spare ends where less is left: the expert's voice needs the room more."""
LOOK_EVERY = 100
CLOSE_WITHIN_S = 2.0
"""A disk that hangs may hang while the file is closed; then it is left behind."""


Frame = tuple[bytes, int, bool]


class SpareView:
    """Pictures go in as they came, encoded; from the first key frame on they are in the file, at session time.

    Nothing waits for it: where the disk is too slow or too full, the spare ends or lacks pictures, no more.
    """

    def __init__(
        self, path: Path, leave_free: int = LEAVE_FREE_BYTES, supervisor: Supervisor | None = None
    ) -> None:
        """Raises WozError where the file exists already or can't be made."""
        if path.exists():
            raise WozError(f"{path} exists already; nothing was overwritten.")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._container: OutputContainer = av.open(str(path), "w", format="mpegts", options=AT_ONCE)
        except OSError as error:
            raise WozError(f"The spare view {path} can't be written ({error.strerror}).") from error
        self._stream = self._container.add_mux_stream("h264", rate=20)
        self._path = path
        self._leave_free = leave_free
        self._last = -1
        self._ended = False
        self.frames = 0
        self.dropped = 0
        watch = supervisor or Supervisor()
        self._backlog: Backlog[Frame] = Backlog(
            "spare view", QUEUE_FRAMES, self._take, watch, self._end, daemon=True
        )
        self._backlog.start()

    def add(self, data: bytes, session_ns: int, key: bool) -> None:
        """An access unit of H.264 (Annex B, parameter sets before each key frame); from any thread."""
        if self._ended or not self._backlog.put((data, session_ns, key)):
            self.dropped += 1

    def close(self, within_s: float = CLOSE_WITHIN_S) -> None:
        if not self._backlog.end(within_s):
            log.warning("the spare view %s takes too long to close; it is left behind", self._path)

    def _take(self, frame: Frame) -> None:
        _, session_ns, key = frame
        if self._ended or session_ns < 0 or not (key or self.frames):
            return
        try:
            self._write(*frame)
        except (OSError, av.FFmpegError) as error:
            log.warning("the spare view ends: %s", error)
            self._end()

    def _write(self, data: bytes, session_ns: int, key: bool) -> None:
        if self.frames % LOOK_EVERY == 0 and free_bytes(self._path) < self._leave_free:
            raise OSError("little room is left on the disk")
        packet = av.Packet(data)
        packet.stream = self._stream
        packet.time_base = Fraction(1, TICKS)
        packet.pts = packet.dts = self._last = max(self._last + 1, session_ns * TICKS // 1_000_000_000)
        packet.is_keyframe = key
        self._container.mux(packet)
        self.frames += 1

    def _end(self) -> None:
        if self._ended:
            return
        self._ended = True
        try:
            self._container.close()
        except (OSError, av.FFmpegError) as error:
            log.warning("the spare view could not be closed: %s", error)
