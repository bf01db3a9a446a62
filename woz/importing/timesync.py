"""How a camera lies on session time by a table of matching frames, as Ego-Exo4D's `timesync.csv` is.

A row is an instant: `<cam>_frame_number` and `<cam>_pts` of each camera, and `<aria>_capture_timestamp_ns` of the
glasses. (docs/data/takes.md of Ego-Exo4D's documentation.) The glasses are the session's own view: by their clock,
or by the number of their frame where that column is missing.
"""

from __future__ import annotations

import csv
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from woz.base.errors import WozError, reason_of
from woz.base.interval import NS_PER_S, Interval
from woz.timing.clock_map import ClockMap, MapQuality
from woz.timing.fit import fit_knots
from woz.timing.frame_table import FrameTime

CLOCK, NUMBER, PTS = "_capture_timestamp_ns", "_frame_number", "_pts"
KNOT_S, NOISE_S = 60.0, 2e-4
MOST_ROWS = 20_000
"""As many instants are enough for the curve; all are compared with it."""
NEAR_NS = NS_PER_S
"""A row this far outside the session's frames is still laid by them."""
Times = Callable[[Mapping[str, str]], int | None]
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class ByTable:
    """A table, and the names that camera and glasses have in it; the glasses' is found where it is empty."""

    path: Path
    camera: str
    glasses: str = ""


def map_by_table(wanted: ByTable, main: Sequence[FrameTime], own: Sequence[FrameTime]) -> ClockMap:
    """From the camera's file to session time; `main` are the frames of the session's view, `own` the camera's.

    Raises WozError where the table can't be read, lacks the camera, or has no instant in common with the session.
    """
    try:
        with wanted.path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            columns = list(reader.fieldnames or ())
            camera = _camera_times(wanted, columns, own)
            session = _session_times(wanted, columns, main)
            pairs = sorted(set(_pairs(reader, camera, session)))
    except (OSError, UnicodeDecodeError) as error:
        raise WozError(f"{wanted.path} can't be read ({reason_of(error)}).") from error
    except (ValueError, csv.Error) as error:
        raise WozError(f"{wanted.path} is no table of frames: {str(error)[:200]}.") from None
    rising = _rising(pairs)
    if len(rising) < 2:
        raise WozError(f"{wanted.path.name} has no two instants of {wanted.camera} within the session; check both.")
    try:
        return _through(rising)
    except ValueError:
        raise WozError(
            f"The instants of {wanted.camera} in {wanted.path.name} follow no clock; check it."
        ) from None


def _pairs(rows: Iterator[Row], camera: Times, session: Times) -> Iterator[tuple[int, int]]:
    for row in rows:
        file_ns, session_ns = camera(row), session(row)
        if file_ns is not None and session_ns is not None:
            yield file_ns, session_ns


def _camera_times(wanted: ByTable, columns: Sequence[str], own: Sequence[FrameTime]) -> Times:
    number, pts = wanted.camera + NUMBER, wanted.camera + PTS
    if number in columns:
        return lambda row: _at(own, row[number])
    if pts in columns:
        by_pts = {frame.pts: frame.device_ns for frame in own}
        return lambda row: by_pts.get(_whole(row[pts]))
    known = sorted({column.removesuffix(NUMBER) for column in columns if column.endswith(NUMBER)})
    raise WozError(
        f"{wanted.path.name} has no camera {wanted.camera!r}; it has {', '.join(known) or 'none'} (--camera NAME)."
    )


def _at(frames: Sequence[FrameTime], text: str) -> int | None:
    number = _whole(text)
    return frames[number].device_ns if number is not None and 0 <= number < len(frames) else None


def _session_times(wanted: ByTable, columns: Sequence[str], main: Sequence[FrameTime]) -> Times:
    clocks = [column for column in columns if column.endswith(CLOCK) and column.startswith(wanted.glasses)]
    if clocks:
        device, session = [frame.device_ns for frame in main], [frame.session_ns for frame in main]
        return lambda row: _laid(_whole(row[clocks[0]]), device, session)
    number = wanted.glasses + NUMBER
    if wanted.glasses and number in columns:
        return lambda row: _session_of(main, row[number])
    raise WozError(
        f"{wanted.path.name} says nothing of the session's own view: it needs a column that ends in {CLOCK}, or"
        " the name of the view in the table (--glasses NAME)."
    )


def _laid(at_ns: int | None, device: Sequence[int], session: Sequence[int]) -> int | None:
    """By the frames around it, in whole numbers, since the time since glasses began fills a float."""
    if len(device) < 2 or at_ns is None or not device[0] - NEAR_NS <= at_ns <= device[-1] + NEAR_NS:
        return None
    i = max(0, min(bisect_right(device, at_ns) - 1, len(device) - 2))
    rise = session[i + 1] - session[i]
    return session[i] + (at_ns - device[i]) * rise // max(1, device[i + 1] - device[i])


def _session_of(frames: Sequence[FrameTime], text: str) -> int | None:
    number = _whole(text)
    return frames[number].session_ns if number is not None and 0 <= number < len(frames) else None


def _whole(text: str) -> int | None:
    """Numbers may have a decimal point, as a table with empty cells has them. Raises ValueError for no number."""
    text = (text or "").strip()
    if text in ("", "nan", "NaN"):
        return None
    return int(text) if text.lstrip("-").isdecimal() else round(float(text))


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for file_ns, session_ns in pairs:
        if not found or (file_ns > found[-1][0] and session_ns > found[-1][1]):
            found.append((file_ns, session_ns))
    return found


def _through(pairs: list[tuple[int, int]]) -> ClockMap:
    """A robust curve with a knot a minute through the instants, and how far they are from it."""
    some = pairs[:: max(1, len(pairs) // MOST_ROWS)]
    begin, base = pairs[0][0], pairs[0][1] - pairs[0][0]
    at = np.array([file_ns - begin for file_ns, _ in some], np.float64) / NS_PER_S
    delay = np.array([session_ns - file_ns - base for file_ns, session_ns in some], np.float64) / NS_PER_S
    count = 1 + max(1, round(float(at[-1]) / KNOT_S))
    spacing = float(at[-1]) / (count - 1)
    values, _ = fit_knots(at, delay, np.full(len(at), NOISE_S), spacing, count)
    places = [begin + round(spacing * i * NS_PER_S) for i in range(count)]
    knots = [(p, p + base + round(float(v) * NS_PER_S)) for p, v in zip(places, values, strict=True)]
    made = ClockMap(tuple(knots))
    wrong = np.abs([made.to_session(a) - b for a, b in pairs])
    p50, p95, p99, most = (round(float(v)) for v in np.percentile(wrong, [50, 95, 99, 100]))
    quality = MapQuality(len(pairs), p50, p95, most, p99)
    return ClockMap(made.knots, quality, Interval(made.knots[0][1], made.knots[-1][1]))
