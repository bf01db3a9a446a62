"""The expert's own voice, recorded losslessly at the console on the console's clock."""

from __future__ import annotations

import logging
import queue
import threading
from pathlib import Path

from woz.errors import WozError
from woz.interval import Interval
from woz.recording.disk_watch import KEEP_FREE_BYTES, DiskWatch, ended_by
from woz.recording.track import Samples, SessionTrack
from woz.recording.writer import VoiceWriter

log = logging.getLogger(__name__)

QUEUE_BLOCKS = 4_000


class VoiceRecorder:
    """Blocks go in with their time on the console's monotonic clock; time 0 of the file is `origin_ns` of it.

    A disk that fails or runs full ends the recording: `fault` says so, and what was written plays.
    """

    def __init__(self, path: Path, origin_ns: int, keep_free: int = KEEP_FREE_BYTES) -> None:
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
        self._queue: queue.Queue[tuple[int, Samples, int] | None] = queue.Queue(QUEUE_BLOCKS)
        self._watch = DiskWatch((path,), self._fail, keep_free)
        self._thread = threading.Thread(target=self._run, name="voice recorder")
        self._thread.start()
        self._watch.start()

    @property
    def gaps(self) -> list[Interval]:
        return self._track.gaps

    def add(self, at_ns: int, samples: Samples, rate: int) -> None:
        """From any thread; never waits. A block that finds no room is dropped and counted."""
        if at_ns < self.origin_ns or self.fault:
            return
        try:
            self._queue.put_nowait((at_ns - self.origin_ns, samples, rate))
        except queue.Full:
            self.dropped += 1

    def close(self, end_ns: int) -> Path:
        """End the file at a time of the console's clock."""
        self._queue.put(None)
        self._thread.join()
        self._watch.stop()
        self._write(self._track.finish(max(0, end_ns - self.origin_ns)))
        self._end()
        return self.path

    def _run(self) -> None:
        while item := self._queue.get():
            if self.fault:
                self._end()
            else:
                self._write(self._track.add(*item))

    def _write(self, samples: Samples) -> None:
        try:
            if self._writer:
                self._writer.write(samples)
        except OSError as error:
            self._fail(error)
            self._end()

    def _end(self) -> None:
        writer, self._writer = self._writer, None
        try:
            if writer:
                writer.close()
        except OSError as error:
            self._fail(error)

    def _fail(self, error: OSError) -> None:
        if not self.fault:
            self.fault = ended_by(error)
            log.error("%s", self.fault)
