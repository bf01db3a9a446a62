"""Views of a session frame by frame: Ego-Exo4D's `timesync.csv` and `takes.json`, and each take's aligned frames.

A row of `timesync.csv` is a frame of the session's own view, with the nearest frame of each other view, empty where
none is near. A take is the rows from `timesync_start_idx + 1` to `timesync_end_idx - 1`; row i of its tables is the
same instant. (docs/data/takes.md and metadata.md of Ego-Exo4D's documentation.)
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from woz.base.errors import WozError
from woz.base.interval import seconds
from woz.formats.bundle import SessionBundle
from woz.formats.csv_text import csv_lines
from woz.formats.format import Format, OutFile, Writing
from woz.model.session import Session, Take
from woz.model.stream import Stream, StreamKind
from woz.timing.frame_table import FrameTime, nearest, read_frame_table

GLASSES = "aria01_214-1"
"""What the glasses' view is called in these files."""
FIRST_CAMERA = "camera"
TICKS_PER_MS = 10**6
Frames = Mapping[str, Sequence[FrameTime]]
"""By the name of the view; the session's own is the first."""


@dataclass(frozen=True, slots=True)
class Matched:
    """For each frame of the session's own view the number of each view's frame, None where there is none."""

    frames: Frames
    numbers: Mapping[str, Sequence[int | None]]


def matched(frames: Frames) -> Matched:
    own = next(iter(frames.values()))
    return Matched(frames, {name: _numbers(own, found, found is own) for name, found in frames.items()})


def _numbers(own: Sequence[FrameTime], found: Sequence[FrameTime], same: bool) -> list[int | None]:
    """The nearest frame, where it is no further than half of the longer of both views' steps."""
    if same:
        return list(range(len(own)))
    times = [frame.session_ns for frame in found]
    reach = max(_step(own), _step(found)) // 2
    near = [nearest(times, frame.session_ns) if times else None for frame in own]
    return [
        i if i is not None and abs(times[i] - frame.session_ns) <= reach else None
        for i, frame in zip(near, own, strict=True)
    ]


def _step(frames: Sequence[FrameTime]) -> int:
    return round(median(b.session_ns - a.session_ns for a, b in pairwise(frames))) if len(frames) > 1 else 0


def timesync_lines(found: Matched) -> Iterator[str]:
    """`timesync.csv`, line by line."""
    own = next(iter(found.frames))
    header = [f"{own}_capture_timestamp_ns", *(f"{name}_{what}" for name in found.frames for what in _WHAT)]
    rows = (
        (frame.device_ns, *(cell for name in found.frames for cell in _cells(found, name, i)))
        for i, frame in enumerate(found.frames[own])
    )
    return iter(csv_lines(header, rows))


_WHAT = ("pts", "frame_number")


def _cells(found: Matched, name: str, row: int) -> tuple[int | str, int | str]:
    number = found.numbers[name][row]
    return ("", "") if number is None else (_pts(found.frames[name][number]), number)


def _pts(frame: FrameTime) -> int:
    """The session's own file, whose time stamps are session time in ms, has no column of them."""
    return frame.session_ns // TICKS_PER_MS if frame.pts is None else frame.pts


def take_rows(found: Matched, take: Take) -> range:
    """The rows whose frame lies in a take."""
    times = [frame.session_ns for frame in next(iter(found.frames.values()))]
    inside = [i for i, at in enumerate(times) if at in take.interval]
    return range(inside[0], inside[-1] + 1) if inside else range(0)


def takes_text(session: Session, found: Matched) -> str:
    """`takes.json`: as many of Ego-Exo4D's fields as woz knows."""
    takes = [_take(session, take, i, take_rows(found, take), found) for i, take in enumerate(session.takes)]
    return json.dumps(takes, ensure_ascii=False, indent=1) + "\n"


def _take(session: Session, take: Take, number: int, rows: range, found: Matched) -> dict[str, Any]:
    return {
        "take_uid": f"{session.id}/{take.name}",
        "take_name": take.name,
        "root_dir": folder_name(take.name),
        "capture": {"capture_name": session.id},
        "take_idx": number,
        "task_name": take.task,
        "best_exo": take.best_exo or None,
        "duration_sec": seconds(take.interval.duration_ns),
        "task_start_sec": 0.0,
        "task_end_sec": seconds(take.interval.duration_ns),
        "timesync_start_idx": rows.start - 1 if rows else None,
        "timesync_end_idx": rows.stop if rows else None,
        "frame_aligned_tables": {name: f"{folder_name(take.name)}/{name}.csv" for name in found.frames},
    }


def aligned_lines(found: Matched, name: str, rows: range) -> Iterator[str]:
    """A view's frames in a take: row i is the same instant in each view."""
    own = next(iter(found.frames.values()))
    cells = ((i, own[row].session_ns, *_cells(found, name, row)) for i, row in enumerate(rows))
    return iter(csv_lines(("index", "session_ns", *_WHAT), cells))


# from a session's files


def frames_of(folder: Path, streams: Sequence[Stream]) -> Frames:
    """The tables of frames of all views of a session. Raises WozError where one can't be read."""
    views = sorted((s for s in streams if s.frames), key=lambda s: (s.kind != StreamKind.VIEW, s.view))
    return {view_name(stream): read_frame_table(folder / stream.frames) for stream in views}


def view_name(stream: Stream) -> str:
    """What a view is called in these files."""
    return GLASSES if stream.kind == StreamKind.VIEW else stream.view or FIRST_CAMERA


def _write(bundles: Sequence[SessionBundle], _: Writing) -> Iterator[OutFile]:
    for bundle in bundles:
        frames = frames_of(bundle.media.parent, bundle.streams)
        if not frames or GLASSES not in frames:
            raise WozError(f"{bundle.session.id} has no view, so it has no frames to be matched; leave it out.")
        found, name = matched(frames), bundle.session.id
        yield OutFile(f"{name}/timesync.csv", timesync_lines(found))
        yield OutFile(f"{name}/takes.json", [takes_text(bundle.session, found)])
        yield from _aligned(bundle.session, found)


def _aligned(session: Session, found: Matched) -> Iterable[OutFile]:
    for take in session.takes:
        for name in found.frames:
            lines = aligned_lines(found, name, take_rows(found, take))
            yield OutFile(f"{session.id}/{folder_name(take.name)}/{name}.csv", lines)


def folder_name(name: str) -> str:
    """Of a take, as a folder may be called."""
    return "".join(sign if sign.isalnum() or sign in "-_. " else "_" for sign in name).strip(". ") or "take"


FORMATS = (
    Format(
        "timesync",
        "matching frames of all views and takes, as Ego-Exo4D has them, CSV and JSON",
        "timesync.csv",
        ("views' frames", "takes"),
        ("turns", "annotations"),
        "docs/data/takes.md, metadata.md of Ego-Exo4D",
        write=_write,
    ),
)
