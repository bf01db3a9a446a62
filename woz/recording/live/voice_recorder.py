"""The expert's own voice, recorded losslessly at the console on the console's clock."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np

from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.base.supervision import Supervisor
from woz.recording.live.backlog import Backlog
from woz.recording.live.disk_watch import KEEP_FREE_BYTES, STALLED_S, DiskWatch, ended_by, log_stall, stalled
from woz.recording.live.writer import VoiceWriter
from woz.sound.session_track import Samples, SessionTrack

log = logging.getLogger(__name__)

QUEUE_BLOCKS = 4_000
NAME = "recorder of the expert's voice"

Block = tuple[int, Samples, int]


class VoiceRecorder:
    """Blocks go in with their time on the console's monotonic clock; time 0 of the file is `origin_ns` of it.

    A disk that fails or runs full ends the recording: `fault` says so, and what was written plays. A block that
    can't be written for another reason is left out, counted, and becomes silence.
    """

    def __init__(
        self, path: Path, origin_ns: int, keep_free: int = KEEP_FREE_BYTES, supervisor: Supervisor | None = None
    ) -> None:
        """Raises WozError where the file can't be made, or exists."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise WozError(f"The folder {path.parent} can't be made ({error.strerror}).") from error
        self.path = path
        self.origin_ns = origin_ns
        self.fault: WozError | None = None
        self.dropped = 0
        self._writer: VoiceWriter | None = VoiceWriter(path, "expert")
        self._track = SessionTrack()
        self._supervisor = supervisor or Supervisor()
        self._backlog: Backlog[Block] = Backlog(NAME, QUEUE_BLOCKS, self._take, self._supervisor)
        self._watch = DiskWatch((path,), self._fail, keep_free, self._supervisor)
        self._backlog.start()
        self._watch.start()

    @property
    def gaps(self) -> list[Interval]:
        return self._track.gaps

    def add(self, at_ns: int, samples: Samples, rate: int) -> None:
        """From any thread; never waits. A block that finds no room is dropped and counted."""
        if at_ns < self.origin_ns or self.fault:
            return
        if not self._backlog.put((at_ns - self.origin_ns, samples, rate)):
            self.dropped += 1

    def close(self, end_ns: int, tell: Callable[[str], object] = log_stall) -> Path:
        """End the file at a time of the console's clock. `tell` as in `Recorder.close`."""
        while not self._backlog.end(STALLED_S):
            tell(stalled(self.path))
        tell("")
        self._watch.stop()
        with self._supervisor.turn(NAME):
            self._write(self._track.finish(max(0, end_ns - self.origin_ns)))
        self._end()
        return self.path

    def _take(self, block: Block) -> None:
        if self.fault:
            self._end()
            return
        taken = False
        try:
            self._write(self._track.add(*block))
            taken = True
        finally:
            self.dropped += not taken

    def _write(self, samples: Samples) -> None:
        """Sound that a fault took is silence, so that what follows keeps its place."""
        writer = self._writer
        if writer is None:
            return
        try:
            writer.write(np.zeros(self._track.written - len(samples) - writer.samples, np.float32))
            writer.write(samples)
        except OSError as error:
            self._fail(error)
            self._end()

    def _end(self) -> None:
        writer, self._writer = self._writer, None
        try:
            if writer:
                writer.close()
        except (OSError, av.FFmpegError) as error:
            self._fail(error)

    def _fail(self, error: OSError | av.FFmpegError) -> None:
        if not self.fault:
            self.fault = ended_by(error)
            log.error("%s", self.fault)
