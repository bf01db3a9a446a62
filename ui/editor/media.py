"""What the editor reads from a session's media file: its frames by their number."""

from __future__ import annotations

from bisect import bisect_right
from pathlib import Path

import av

from woz.base.errors import WozError
from woz.recording.folder.frame_index import FrameIndex

STEP_NS = 40_000_000
"""How far apart one can stand in a recording that isn't here."""


class Frames:
    """The frames of a recording that isn't on this computer: times to stand on (ns, rising), and no pictures."""

    here = False

    def __init__(self, times: list[int]) -> None:
        self.times = times

    @classmethod
    def of_length(cls, duration_ns: int) -> Frames:
        return cls(list(range(0, max(duration_ns, 1), STEP_NS)))

    def read(self, number: int) -> av.VideoFrame | None:
        """The frame with this number; None where there is none."""
        return None

    def at(self, t_ns: int) -> int:
        """The number of the frame that is shown at a time: the last one that began, to the rounding of the file."""
        return max(0, bisect_right(self.times, t_ns + 500_000) - 1)

    def close(self) -> None: ...


class FrameReader(Frames):
    """Single frames by number, exact. Reading on from the last one is quick; elsewhere the key frame is sought."""

    here = True

    def __init__(self, path: Path, index: FrameIndex) -> None:
        """Raises WozError for a file that can't be read."""
        super().__init__(index.times)
        try:
            self._container = av.open(str(path))
            self._stream = self._container.streams.video[0]
        except (OSError, IndexError, av.FFmpegError) as error:
            raise WozError(f"The video {path} can't be read ({error}).") from error
        self._stream.thread_type = "SLICE"
        self._frames = self._container.decode(self._stream)
        self._next = 0

    def read(self, number: int) -> av.VideoFrame | None:
        if not 0 <= number < len(self.times):
            return None
        if not self._next <= number <= self._next + 12:
            self._seek(number)
        for frame in self._frames:
            t_ns = round((frame.time or 0.0) * 1e9)
            self._next = self.at(t_ns) + 1
            if self._next > number:
                return frame
        return None

    def close(self) -> None:
        self._container.close()

    def _seek(self, number: int) -> None:
        assert self._stream.time_base
        self._container.seek(int(self.times[number] / 1e9 / self._stream.time_base), stream=self._stream)
        self._frames = self._container.decode(self._stream)
        self._next = 0
