"""The expert's own voice, recorded losslessly at the console on the console's clock."""

from __future__ import annotations

import queue
import threading
from pathlib import Path

from woz.errors import WozError
from woz.interval import Interval
from woz.recording.track import Samples, SessionTrack
from woz.recording.writer import VoiceWriter


class VoiceRecorder:
    """Blocks go in with their time on the console's monotonic clock; time 0 of the file is `origin_ns` of it."""

    def __init__(self, path: Path, origin_ns: int) -> None:
        """Raises WozError where the file can't be made, or exists."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.origin_ns = origin_ns
        self.fault: WozError | None = None
        self._writer = VoiceWriter(path, "expert")
        self._track = SessionTrack()
        self._queue: queue.Queue[tuple[int, Samples, int] | None] = queue.Queue(4_000)
        self._thread = threading.Thread(target=self._run, name="voice recorder")
        self._thread.start()

    @property
    def gaps(self) -> list[Interval]:
        return self._track.gaps

    def add(self, at_ns: int, samples: Samples, rate: int) -> None:
        """From any thread; never waits."""
        if at_ns >= self.origin_ns and not self.fault:
            self._queue.put_nowait((at_ns - self.origin_ns, samples, rate))

    def close(self, end_ns: int) -> Path:
        """End the file at a time of the console's clock."""
        self._queue.put(None)
        self._thread.join()
        self._write(self._track.finish(max(0, end_ns - self.origin_ns)))
        self._writer.close()
        return self.path

    def _run(self) -> None:
        while item := self._queue.get():
            self._write(self._track.add(*item))

    def _write(self, samples: Samples) -> None:
        try:
            if not self.fault:
                self._writer.write(samples)
        except OSError as error:
            self.fault = WozError(f"The expert's voice can't be recorded here ({error.strerror}); make room.")
