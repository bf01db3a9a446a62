"""Gaze as Aria's machine perception services write it, so that projectaria_tools reads it back."""

from __future__ import annotations

from pathlib import Path

from woz.capture.source import GazeSample
from woz.recording.live.tables import Table

MPS_HEADER = (
    "tracking_timestamp_us",
    "yaw_rads_cpf",
    "pitch_rads_cpf",
    "depth_m",
    "yaw_low_rads_cpf",
    "pitch_low_rads_cpf",
    "yaw_high_rads_cpf",
    "pitch_high_rads_cpf",
    "session_uid",
)
"""The form with one direction for both eyes; times are device time, as in the glasses' own recording."""


class MpsGazeTable(Table):
    """One row a sample. The live gaze has no bounds of confidence: they are the angle itself."""

    def __init__(self, path: Path, session: str) -> None:
        super().__init__(path, MPS_HEADER)
        self._session = session

    def add(self, sample: GazeSample) -> None:
        angles = (sample.yaw_rad, sample.pitch_rad)
        self._add(sample.device_ns // 1000, *angles, sample.depth_m, *angles, *angles, self._session)
