"""What a session's manifest and files say of it in figures: files, gaps, clock maps, distances of frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from woz.base.errors import WozError
from woz.base.interval import NS_PER_MS, NS_PER_S, Interval
from woz.base.machine_faults import AWAY, SHORT, answered
from woz.capture.unplayed import kept_parts_objection
from woz.model.stream import StreamKind
from woz.recording.folder.manifest import Manifest, StreamEntry
from woz.recording.folder.session_folder import SessionFolder, sha256_of
from woz.timing.clock_map import ClockMap

FAST_CLOCK_PPM = 500.0
SCATTER_MS = 20.0
UNCOVERED_NS = 15 * NS_PER_S
BINS = 300


@dataclass(frozen=True, slots=True)
class FileFigures:
    """A file of the session; `problem` is empty where it is the one that was recorded."""

    path: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class GapFigures:
    """Where a stream has nothing, in seconds of session time."""

    stream: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class ClockFigures:
    """A clock map: how the stream's clock lies on session time, how well it is known, and where.

    `valid_s` is the session time (s) in which it rests on readings, None where that isn't known. `bend` are points
    (s of session time, ms): how far the map is from the straight line between its ends.
    """

    stream: str
    offset_ms: float
    drift_ppm: float
    readings: int
    residual_p50_ms: float
    residual_p95_ms: float
    residual_p99_ms: float
    residual_max_ms: float
    valid_s: tuple[float, float] | None
    bend: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class StreamFigures:
    """From where to where (s) a stream reaches."""

    stream: str
    path: str
    start_s: float
    end_s: float
    recorded: int


def files_of(folder: SessionFolder, manifest: Manifest) -> tuple[FileFigures, ...]:
    """All files with a checksum, compared with it. Raises WozError where one isn't read for want of the machine."""
    expected = {entry.path: entry.sha256 for entry in manifest.streams if entry.sha256}
    return tuple(FileFigures(path, _problem(folder, path, digest)) for path, digest in expected.items())


def _problem(folder: SessionFolder, path: str, digest: str) -> str:
    file = folder.path / path
    if not file.is_file():
        return f"{path} is missing"
    try:
        same = sha256_of(file) == digest
    except WozError as fault:
        if answered(fault, AWAY | SHORT):
            raise
        return str(fault)
    return "" if same else f"{path} is not the file that was recorded: its checksum differs"


def view_doubts(folder: SessionFolder, manifest: Manifest) -> list[str]:
    """Of further views whose frames can't be found; what is missing is told of the files."""
    films = {each.view: folder.path / each.path for each in manifest.streams if each.kind == StreamKind.OTHER_VIEW}
    here = {view: film for view, film in films.items() if film.is_file()}
    return [
        f"of the view {view} no frame can be shown: {why}" for view, film in here.items() if (why := _parts(film))
    ]


def _parts(film: Path) -> str:
    try:
        return kept_parts_objection(film).rstrip(".")
    except OSError as error:
        return f"it can't be read ({error.strerror})"


def streams_of(manifest: Manifest) -> tuple[StreamFigures, ...]:
    return tuple(
        StreamFigures(
            e.view or e.kind, e.path, _seconds(e.interval.start_ns), _seconds(e.interval.end_ns), e.recorded
        )
        for e in manifest.streams
    )


def gaps_of(manifest: Manifest, view_gaps: Sequence[Interval]) -> tuple[GapFigures, ...]:
    """Those of the view as its file shows them, those of all else as they were noticed."""
    found = [(StreamKind.VIEW, gap) for gap in view_gaps]
    others = (entry for entry in manifest.streams if entry.kind != StreamKind.VIEW)
    found += [(entry.kind, gap) for entry in others for gap in entry.gaps]
    return tuple(GapFigures(kind, _seconds(gap.start_ns), _seconds(gap.end_ns)) for kind, gap in found)


def clocks_of(manifest: Manifest) -> tuple[ClockFigures, ...]:
    """Raises WozError for a map that can't be read."""
    pairs = ((entry, entry.clock_map or entry.source_map) for entry in manifest.streams)
    return tuple(_clock(entry, ClockMap.from_json(text)) for entry, text in pairs if text)


def _clock(entry: StreamEntry, found: ClockMap) -> ClockFigures:
    quality, valid = found.quality, found.valid
    return ClockFigures(
        entry.view or entry.kind,
        _milliseconds(found.offset_ns),
        round(found.drift_ppm, 3),
        quality.samples,
        _milliseconds(quality.residual_p50_ns),
        _milliseconds(quality.residual_p95_ns),
        _milliseconds(quality.residual_p99_ns),
        _milliseconds(quality.residual_max_ns),
        (_seconds(valid.start_ns), _seconds(valid.end_ns)) if valid else None,
        _bend(found),
    )


def _bend(found: ClockMap) -> tuple[tuple[float, float], ...]:
    (a, a_session), (b, b_session) = found.knots[0], found.knots[-1]
    rise = (b_session - a_session) / (b - a)
    return tuple(
        (_seconds(session), round((session - a_session - (stream - a) * rise) / NS_PER_MS, 4))
        for stream, session in found.knots
    )


def clock_doubts(manifest: Manifest, clocks: Sequence[ClockFigures]) -> list[str]:
    """What is doubtful about the maps, in plain words."""
    doubts = []
    for clock in clocks:
        name = NAMES.get(clock.stream, clock.stream)
        if abs(clock.drift_ppm) > FAST_CLOCK_PPM:
            doubts.append(f"the clock of {name} is off by {clock.drift_ppm:+.0f} ppm, more than a good clock is")
        if clock.residual_p95_ms > SCATTER_MS:
            doubts.append(f"the clock readings of {name} scatter by {clock.residual_p95_ms:.0f} ms")
        if clock.valid_s and (missing := _uncovered(manifest, clock.valid_s)):
            doubts.append(f"the time of {name} is an extrapolation for {missing:.0f} s of the session")
    return doubts


def _uncovered(manifest: Manifest, valid_s: tuple[float, float]) -> float:
    """Seconds of the session outside the readings, where they are many; whoever is late begins to count later."""
    missing = max(0.0, _seconds(manifest.duration_ns or 0) - valid_s[1])
    return missing if missing * NS_PER_S > UNCOVERED_NS else 0.0


def extent_doubts(manifest: Manifest) -> list[str]:
    """Voices of an imported session that begin later than it, or end earlier."""
    doubts = []
    voices = [manifest.stream(kind) for kind in (StreamKind.TRAINEE_VOICE, StreamKind.EXPERT_HEARD)]
    for entry in (voice for voice in voices if voice and voice.source_map and manifest.made_of):
        name, early = NAMES[entry.kind], (manifest.duration_ns or 0) - entry.interval.end_ns
        if entry.interval.start_ns > NS_PER_S:
            doubts.append(f"{name} begins {_seconds(entry.interval.start_ns):.1f} s after the session")
        if early > NS_PER_S:
            doubts.append(f"{name} ends {_seconds(early):.1f} s before the session")
    return doubts


NAMES = {
    "view": "the view",
    "trainee": "the trainee's voice",
    "expert_heard": "the expert's voice as heard",
    "expert_said": "the expert's own recording",
    "gaze": "the gaze",
    "other_view": "the other view",
    "expert_gaze": "the expert's gaze",
    "room": "the camera's own sound",
}


def frame_steps(times_ns: Sequence[int]) -> tuple[tuple[float, float], ...]:
    """The longest distance of two frames (ms) in each of up to 300 stretches, at the stretch's time (s)."""
    if len(times_ns) < 2:
        return ()
    times = np.array(times_ns, np.int64)
    parts = np.array_split(np.arange(len(times) - 1), min(BINS, len(times) - 1))
    steps = np.diff(times) / NS_PER_MS
    worst = [part[int(np.argmax(steps[part]))] for part in parts]
    return tuple((_seconds(int(times[i])), round(float(steps[i]), 3)) for i in worst)


def _milliseconds(ns: int) -> float:
    return round(ns / NS_PER_MS, 3)


def _seconds(ns: int) -> float:
    return round(ns / NS_PER_S, 3)
