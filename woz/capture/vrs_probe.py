"""Looks into a VRS file in a process of its own, since a damaged file can end the process that reads it.

Run as `python -m woz.capture.vrs_probe FILE`; the last line of its output is a JSON object with the facts.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from woz.base.errors import WozError, permitted
from woz.base.interval import NS_PER_S
from woz.base.outside import Unsound, read

RGB, MICROPHONES, GAZE = "214-1", "231-1", "373-1"
TIMEOUT_S = 60
BEYOND_END = "beyond the end of the file"
"""What the VRS library logs when the index names records that the file does not hold."""


@dataclass(frozen=True, slots=True)
class VrsFacts:
    """What is in the file; sizes are those of the upright picture, times are device time."""

    generation: int
    width: int
    height: int
    fps: float
    audio_rate: int | None
    gaze: bool
    begin_ns: int
    end_ns: int
    frames: int
    start_utc_ns: int | None = None
    time_code: Sequence[tuple[int, int]] = ()
    """Pairs of (device time, time code) at both ends; none where the glasses had no time code."""

    @property
    def period_ns(self) -> int:
        """When a loop begins again: one frame after the last one."""
        return self.end_ns - self.begin_ns + round(1e9 / self.fps)


def probe(path: Path) -> VrsFacts:
    """Raises WozError for a file that is missing, damaged, or no Aria recording."""
    with permitted():
        if not path.is_file():
            raise WozError(f"There is no file {path}; check its path.")
    command = [sys.executable, "-m", "woz.capture.vrs_probe", str(path)]
    try:
        child = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired:
        raise WozError(f"{path} could not be read within {TIMEOUT_S} s; copy it to a local disk.") from None
    lines = child.stdout.strip().splitlines()
    if BEYOND_END in child.stdout + child.stderr:
        raise WozError(f"{path} is cut off; copy it again from the glasses.")
    if child.returncode == 3 and lines:
        raise WozError(lines[-1])
    if child.returncode or not lines:
        raise WozError(f"{path} can't be read as an Aria recording; it is damaged, cut off, or not a VRS file.")
    try:
        return read(lines[-1], VrsFacts)
    except Unsound as error:
        raise WozError(f"{path} can't be read as an Aria recording: {error}.") from error


def open_provider(path: Path) -> Any:
    """projectaria_tools' provider of a file. Raises WozError where the package is missing or refuses the file."""
    try:
        from projectaria_tools.core import data_provider
    except ImportError as error:
        raise WozError("Aria recordings need projectaria-tools, which this system has no build of.") from error
    provider = data_provider.create_vrs_data_provider(str(path))
    if provider is None:
        raise WozError(f"{path} can't be read as an Aria recording; it is damaged, cut off, or not a VRS file.")
    return provider


def stream(provider: Any, name: str) -> Any | None:
    """A stream's id by its name, None where the file has no record of it."""
    from projectaria_tools.core.stream_id import StreamId

    wanted = StreamId(name)
    known = any(str(found) == name for found in provider.get_all_streams())
    return wanted if known and provider.get_num_data(wanted) > 0 else None


def _look(path: Path) -> VrsFacts:
    provider = open_provider(path)
    generation = {"Gen1": 1, "Gen2": 2}.get(str(provider.get_device_version()).rpartition(".")[2], 0)
    rgb = stream(provider, RGB)
    if not generation or rgb is None:
        raise WozError(f"{path} is no Aria recording with a colour camera; choose another file.")
    from projectaria_tools.core.sensor_data import TimeDomain

    times = [t for t in provider.get_timestamps_ns(rgb, TimeDomain.DEVICE_TIME) if t > 0]
    if not times:
        raise WozError(f"{path} holds no picture with a time stamp; choose another file.")
    height, width = provider.get_image_data_by_index(rgb, 0)[0].to_numpy_array().shape[:2]
    if generation == 1:
        height, width = width, height
    audio, gaze = stream(provider, MICROPHONES), stream(provider, GAZE)
    rate = int(provider.get_audio_configuration(audio).sample_rate) if audio else None
    fps = (len(times) - 1) * 1e9 / (times[-1] - times[0]) if len(times) > 1 else 10.0
    return VrsFacts(
        generation,
        width // 2 * 2,
        height // 2 * 2,
        fps,
        rate,
        gaze is not None,
        times[0],
        times[-1],
        len(times),
        int(provider.get_metadata().start_time_epoch_sec) * NS_PER_S or None,
        _time_code(provider, times[0], times[-1]),
    )


def _time_code(provider: Any, begin_ns: int, end_ns: int) -> list[tuple[int, int]]:
    pairs = [(t, int(provider.convert_from_device_time_to_timecode_ns(t))) for t in (begin_ns, end_ns)]
    rises = pairs[0][0] < pairs[1][0] and 0 <= pairs[0][1] < pairs[1][1]
    return pairs if rises else []


def main() -> int:
    try:
        facts = json.dumps(asdict(_look(Path(sys.argv[1]))))
    except WozError as error:
        sys.stdout.write(f"\n{error}\n")
        return 3
    sys.stdout.write(f"\n{facts}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
