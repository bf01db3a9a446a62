"""Tables beside the media: the exact time of each frame, and gaze."""

from __future__ import annotations

import csv
from pathlib import Path

from woz.base.errors import WozError
from woz.capture.source import GazeSample, VideoFrame

FRAME_HEADER = ("index", "session_ns", "device_ns", "key")
GAZE_HEADER = ("session_ns", "device_ns", "yaw_rad", "pitch_rad", "depth_m", "x", "y")


class Table:
    """Rows are in the file as soon as they are added. Raises WozError where it exists or can't be made."""

    def __init__(self, path: Path, header: tuple[str, ...]) -> None:
        try:
            self._file = path.open("x", newline="", encoding="utf-8", buffering=1)
        except OSError as error:
            raise WozError(f"{path} can't be written ({error.strerror}); nothing was overwritten.") from error
        self._writer = csv.writer(self._file, lineterminator="\n")
        self._writer.writerow(header)
        self.rows = 0

    def _add(self, *values: object) -> None:
        self._writer.writerow(values)
        self.rows += 1

    def close(self) -> None:
        self._file.close()


class FrameTable(Table):
    """One row a frame, since ego.mkv rounds times to milliseconds; `key` is 1 for a key frame, else 0."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, FRAME_HEADER)

    def add(self, frame: VideoFrame, session_ns: int, key: bool) -> None:
        self._add(frame.index, session_ns, frame.device_ns, int(key))


class GazeTable(Table):
    """One row a sample: angles in radians in the central pupil frame, depth in metres, the point in the picture."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, GAZE_HEADER)

    def add(self, sample: GazeSample, session_ns: int) -> None:
        angles = (sample.yaw_rad, sample.pitch_rad, sample.depth_m)
        self._add(session_ns, sample.device_ns, *angles, sample.x, sample.y)
