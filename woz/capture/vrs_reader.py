"""Reads a VRS file in a process of its own and hands its records over on standard output.

Decoding holds Python's lock for long, and damaged records can end the process: neither may touch the station. It is
run as `python -m woz.capture.vrs_reader FILE LOOP FACTS [sound]`; each record is a line of JSON and the bytes it
announces.
"""

from __future__ import annotations

import heapq
import json
import logging
import os
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import IO, Annotated, Any

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from woz.base.outside import MOST_LINE_BYTES, Data, Unsound, Whole, read
from woz.capture.aria.gaze_point import GazeProjector
from woz.capture.vrs_probe import GAZE, MICROPHONES, RGB, VrsFacts, open_provider, stream

FULL_SCALE = {1: 2.0**31, 2: 2.0**15}
"""Gen 1 gives its samples as 32-bit integers, Gen 2 on the scale of 16-bit ones."""

KEEP_BYTES = 300_000_000
MOST_RECORD_BYTES = 1024**3

log = logging.getLogger(__name__)

Record = tuple[int, int, dict[str, Any], bytes]
"""Device time (ns), order among equals, what it is, and its bytes."""


def records(provider: Any, facts: VrsFacts, offset_ns: int) -> Iterator[Record]:
    """All records of one pass over the file, by time; those without a time stamp are passed over."""
    return heapq.merge(
        _views(provider, facts, offset_ns),
        _sounds(provider, facts, offset_ns),
        _gazes(provider, facts, offset_ns),
        key=lambda record: record[:2],
    )


class Head(msgspec.Struct, rename={"size": "bytes"}):
    """What every record's line says; what else it says belongs to its kind."""

    device_ns: Whole
    kind: int
    size: Annotated[int, msgspec.Meta(ge=0, le=MOST_RECORD_BYTES)]


def _wanted(provider: Any, facts: VrsFacts, loop: bool, sound_only: bool) -> Iterator[Record]:
    if sound_only:
        return _sounds(provider, facts, 0)
    return _looped(provider, facts) if loop else records(provider, facts, 0)


def _looped(provider: Any, facts: VrsFacts) -> Iterator[Record]:
    """Pass after pass without end; a short file is decoded once."""
    short = facts.frames * facts.width * facts.height * 3 // 2 < KEEP_BYTES
    kept = list(records(provider, facts, 0)) if short else []
    for turn in count():
        offset_ns = turn * facts.period_ns
        if short:
            yield from ((t + offset_ns, kind, extra, payload) for t, kind, extra, payload in kept)
        else:
            yield from records(provider, facts, offset_ns)


def _numbers(provider: Any, name: str) -> Iterator[tuple[Any, int]]:
    found = stream(provider, name)
    return ((found, i) for i in range(provider.get_num_data(found) if found else 0))


def _views(provider: Any, facts: VrsFacts, offset_ns: int) -> Iterator[Record]:
    for rgb, i in _numbers(provider, RGB):
        data, record = provider.get_image_data_by_index(rgb, i)
        if record.capture_timestamp_ns > 0:
            yield record.capture_timestamp_ns + offset_ns, 0, {}, upright(data.to_numpy_array(), facts).tobytes()


def _sounds(provider: Any, facts: VrsFacts, offset_ns: int) -> Iterator[Record]:
    for microphones, i in _numbers(provider, MICROPHONES):
        data, record = provider.get_audio_data_by_index(microphones, i)
        times = record.capture_timestamps_ns
        if times and times[0] > 0:
            samples = mixed_down(data.data, len(times), FULL_SCALE[facts.generation])
            yield times[0] + offset_ns, 1, {}, samples.tobytes()


def _gazes(provider: Any, facts: VrsFacts, offset_ns: int) -> Iterator[Record]:
    calibration = provider.get_device_calibration()
    projector = GazeProjector(calibration, facts.generation) if calibration else None
    for eyes, i in _numbers(provider, GAZE):
        gaze = provider.get_eye_gaze_data_by_index(eyes, i)
        tracked_ns = round(gaze.tracking_timestamp.total_seconds() * 1e9)
        if tracked_ns > 0 and gaze.combined_gaze_valid:
            x, y = (projector and projector.point(gaze)) or (None, None)
            looks = {"yaw_rad": gaze.yaw, "pitch_rad": gaze.pitch, "depth_m": gaze.depth, "x": x, "y": y}
            yield tracked_ns + offset_ns, 2, looks, b""


def upright(picture: NDArray[np.uint8], facts: VrsFacts) -> NDArray[np.uint8]:
    """A picture as the wearer saw it, in planar yuv420p: Gen 1's camera is mounted sideways."""
    turned = np.rot90(picture, -1) if facts.generation == 1 else picture
    cut = np.ascontiguousarray(turned[: facts.height, : facts.width])
    return np.asarray(cv2.cvtColor(cut, cv2.COLOR_RGB2YUV_I420), np.uint8)


def mixed_down(interleaved: list[int], frames: int, full_scale: float) -> NDArray[np.float32]:
    """Interleaved samples of all microphones as their mean, in -1..1; shape (frames,)."""
    channels = np.asarray(interleaved, np.float64).reshape(frames, -1)
    mean: NDArray[np.float64] = np.clip(channels.mean(axis=1) / full_scale, -1, 1)
    return mean.astype(np.float32)


def write_record(out: IO[bytes], record: Record) -> None:
    device_ns, kind, extra, payload = record
    head = {"device_ns": device_ns, "kind": kind, "bytes": len(payload), **extra}
    out.write(json.dumps(head).encode() + b"\n" + payload)


def read_record(source: IO[bytes]) -> Record | None:
    """The next record; None at the end, or where the writer died in the middle of one, or wrote none of ours."""
    line = source.readline(MOST_LINE_BYTES)
    if not line.endswith(b"\n"):
        return None
    try:
        head = read(line, Head)
    except Unsound:
        log.warning("what the reader of a recording gave is no record: %r", line[:80])
        return None
    payload = source.read(head.size)
    known = {"device_ns", "kind", "bytes"}
    extra = {name: value for name, value in read(line, Data).items() if name not in known}
    return (head.device_ns, head.kind, extra, payload) if len(payload) == head.size else None


def main() -> int:
    path, loop, facts = Path(sys.argv[1]), sys.argv[2] == "1", read(sys.argv[3], VrsFacts)
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    provider = open_provider(path)
    try:
        for record in _wanted(provider, facts, loop, sound_only="sound" in sys.argv[4:]):
            write_record(out, record)
        out.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
    return 0


if __name__ == "__main__":
    sys.exit(main())
