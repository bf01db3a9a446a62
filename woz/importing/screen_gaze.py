"""Where the expert looked on their screen, recorded by an eye tracker, as points in the view that they saw."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from woz.base.errors import WozError, reason_of
from woz.base.interval import NS_PER_S, Interval
from woz.model.events import Event, EventKind
from woz.model.session import SessionState
from woz.model.stream import StreamKind
from woz.recording.folder.journal import Journal
from woz.recording.folder.manifest import Manifest, StreamEntry
from woz.recording.folder.session_folder import SessionFolder, sha256_of
from woz.recording.live.tables import GAZE_HEADER
from woz.timing.clock_map import ClockMap

MOST_DIGITS = 20
"""Before the point of a time: nanoseconds since 1970 have 19."""
UNITS = {"s": NS_PER_S, "ms": 10**6, "us": 10**3, "ns": 1}
TIMES = ("time", "timestamp", "time_stamp", "system_time_stamp", "recording timestamp", "t")
XS = ("x", "gaze_x", "gaze point x", "gaze_point_x", "fpogx", "bpogx")
YS = ("y", "gaze_y", "gaze point y", "gaze_point_y", "fpogy", "bpogy")
"""Names of columns, in small letters, that are found without being named."""


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Left, top, width and height, in whatever unit the points have."""

    left: float
    top: float
    width: float
    height: float

    def within(self, x: float, y: float) -> tuple[float, float] | None:
        """A point from 0 to 1 from the left and the upper edge; None outside."""
        across, down = (x - self.left) / self.width, (y - self.top) / self.height
        return (across, down) if 0 <= across <= 1 and 0 <= down <= 1 else None


SCREEN = Rectangle(0, 0, 1, 1)


@dataclass(frozen=True, slots=True)
class GazeFile:
    """A CSV file of gaze on a screen: its columns, where they aren't found by themselves, and its unit of time.

    `picture` is where the view was shown, in the unit of the points. `offset_ns` is the session time of the first
    sample; None where the file's times are UTC.
    """

    path: Path
    picture: Rectangle = SCREEN
    time: str = ""
    x: str = ""
    y: str = ""
    unit: str = ""
    offset_ns: int | None = None
    drift_ppm: float = 0.0


@dataclass(frozen=True, slots=True)
class _Sample:
    file_ns: int
    point: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class GazeImported:
    """How many samples lie in the session, from when on, and how many of them in the view."""

    samples: int
    in_view: int
    start_ns: int


def import_gaze(folder: SessionFolder, file: GazeFile) -> tuple[Manifest, GazeImported]:
    """Raises WozError, with the session as it was, where it has such a gaze already, or the file can't be laid."""
    before = folder.manifest()
    if before.state == SessionState.RECORDING:
        raise WozError(f"The session {before.session_id} was not closed; run woz recover on its project.")
    if before.stream(StreamKind.EXPERT_GAZE) or folder.expert_gaze.exists():
        raise WozError(f"The session {before.session_id} has the expert's gaze already; nothing was overwritten.")
    samples = sorted(_samples(file), key=lambda sample: sample.file_ns)
    clock_map = _map(file, samples, before.start_utc_ns)
    laid = [(clock_map.to_session(sample.file_ns), sample) for sample in samples]
    kept = [(at, sample) for at, sample in laid if 0 <= at < (before.duration_ns or 0)]
    if not kept:
        at_s = laid[0][0] / NS_PER_S
        raise WozError(f"{file.path.name} and the session have no time in common: it would begin at {at_s:+.1f} s.")
    entry = StreamEntry(
        StreamKind.EXPERT_GAZE,
        folder.expert_gaze.relative_to(folder.path).as_posix(),
        0,
        Interval(kept[0][0], kept[-1][0] + 1),
        captured=len(samples),
        recorded=len(kept),
        source_map=clock_map.to_json(),
    )
    manifest = _kept(folder, before, entry, kept)
    done = GazeImported(len(kept), sum(sample.point is not None for _, sample in kept), kept[0][0])
    _tell(folder, file, done)
    return manifest, done


def time_span(file: GazeFile) -> tuple[int, int]:
    """The first and the last time in the file (ns). Raises WozError for a file that can't be read or is empty."""
    times = [sample.file_ns for sample in _samples(file)]
    if not times:
        raise WozError(f"{file.path} holds no sample.")
    return min(times), max(times)


def _kept(
    folder: SessionFolder, before: Manifest, entry: StreamEntry, rows: Sequence[tuple[int, _Sample]]
) -> Manifest:
    try:
        folder.sensors.mkdir(exist_ok=True)
        with folder.expert_gaze.open("x", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(GAZE_HEADER)
            for at_ns, sample in rows:
                point = [f"{v:.6f}" for v in sample.point] if sample.point else ["", ""]
                writer.writerow((at_ns, sample.file_ns, "", "", "", *point))
        manifest = before.with_stream(replace(entry, sha256=sha256_of(folder.expert_gaze)))
        manifest.save(folder.manifest_path)
    except (OSError, WozError) as error:
        folder.expert_gaze.unlink(missing_ok=True)
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise WozError(f"{folder.path} can't be written ({why}); the session is as it was.") from error
    return manifest


def _map(file: GazeFile, samples: Sequence[_Sample], start_utc_ns: int) -> ClockMap:
    if not samples:
        raise WozError(f"{file.path} holds no sample.")
    first = samples[0].file_ns
    shift = -start_utc_ns if file.offset_ns is None else file.offset_ns - first
    return ClockMap.line(first, shift, file.drift_ppm)


# the file


def _samples(file: GazeFile) -> Iterator[_Sample]:
    try:
        with file.path.open(newline="", encoding="utf-8-sig") as opened:
            head = opened.readline()
            opened.seek(0)
            reader = csv.DictReader(opened, delimiter=_delimiter(head))
            columns = list(reader.fieldnames or ())
            time = _column(file, columns, file.time, TIMES, "--time")
            x, y = _column(file, columns, file.x, XS, "--x"), _column(file, columns, file.y, YS, "--y")
            tick = _tick(file, time)
            for number, row in enumerate(reader, 2):
                yield _sample(file, number, row[time], row[x], row[y], tick)
    except (OSError, UnicodeDecodeError) as error:
        raise WozError(f"{file.path} can't be read ({reason_of(error)}).") from error
    except csv.Error as error:
        raise WozError(f"{file.path} is no CSV file ({error}).") from None


def _delimiter(head: str) -> str:
    return max(",;\t", key=head.count)


def _column(file: GazeFile, columns: Sequence[str], named: str, known: Sequence[str], option: str) -> str:
    def plain(column: str) -> str:
        return column.split("[")[0].split("(")[0].strip().lower()

    def without_unit(column: str) -> str:
        base, _, unit = plain(column).rpartition("_")
        return base if unit in UNITS else plain(column)

    found = [c for c in columns if c == named] if named else [c for c in columns if without_unit(c) in known]
    if not found:
        raise WozError(
            f"{file.path.name} has no column {named or known[0]!r}; name it with {option}; its columns are"
            f" {', '.join(columns[:20])}."
        )
    return found[0]


def _tick(file: GazeFile, column: str) -> int:
    words = column.lower().replace("[", "_").replace("(", "_").strip("])").split("_")
    unit = file.unit or next((u for u in UNITS if u == words[-1].strip().replace("μ", "u").replace("µ", "u")), "")
    if not unit:
        raise WozError(
            f"The unit of {column!r} in {file.path.name} is not known; say it with --unit s, ms, us or ns."
        )
    return UNITS[unit]


def _sample(file: GazeFile, number: int, time: str, x: str, y: str, tick: int) -> _Sample:
    try:
        at = Decimal((time or "").strip().replace(",", "."))
        if not at.is_finite() or at.adjusted() > MOST_DIGITS:
            raise ValueError
        file_ns = int((at * tick).to_integral_value())
        point = tuple(float(v.replace(",", ".")) if v and v.strip() else math.nan for v in (x, y))
    except (ValueError, ArithmeticError, AttributeError):
        raise WozError(f"Line {number} of {file.path.name} holds no time and point ({time}, {x}, {y}).") from None
    return _Sample(file_ns, None if any(map(math.isnan, point)) else file.picture.within(point[0], point[1]))


def _tell(folder: SessionFolder, file: GazeFile, done: GazeImported) -> None:
    journal = Journal(folder.events)
    told = {
        "expert_gaze": True,
        "imported": file.path.name,
        "sha256": sha256_of(file.path),
        "placed_by": "UTC" if file.offset_ns is None else "hand",
        "start_ns": done.start_ns,
    }
    try:
        journal.append(Event(0, EventKind.SOURCE, "import", told))
    finally:
        journal.close()
