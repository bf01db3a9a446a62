"""Checks a recorded session by reading its files: integrity, lost frames, gaps, and sync where there are marks.

It shares no code with the clock estimation: what it knows of time it takes from the files, and for the expert's
own recording from the clock map in the manifest, which is what it puts to the test.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from woz.interval import NS_PER_MS
from woz.marks import EXPERT_HZ, PERIOD_NS, TRAINEE_HZ
from woz.recording.folder import SessionFolder, sha256_of
from woz.recording.manifest import Manifest, StreamEntry
from woz.recording.mark_reader import burst_times, mark_grid, patch_times, read_track
from woz.session import SessionState, StreamKind
from woz.sync.clockmap import ClockMap

REACH_NS = 480_000_000
GOOD_MS, DOUBTFUL_MS = 40.0, 100.0
FRAME_GAP_PART = 2.5
"""Two frames further apart than this many usual distances leave a gap in the view."""


class Verdict(StrEnum):
    GOOD = "good"
    DOUBTFUL = "doubtful"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Sync:
    """Errors of one pair of streams over all marks, in milliseconds: the largest absolute one and the median."""

    marks: int
    worst_ms: float
    median_ms: float


@dataclass(frozen=True, slots=True)
class Report:
    session_id: str
    state: str
    duration_ns: int
    verdict: Verdict
    reasons: tuple[str, ...]
    checksums_ok: bool
    frames_captured: int
    frames_recorded: int
    frames_in_file: int
    view_gaps: int
    voice_gaps: int
    view_audio: Sync | None
    expert_said: Sync | None
    expert_heard: Sync | None
    drift_ppm: dict[str, float]
    residual_p95_ms: dict[str, float]


def check(folder: SessionFolder) -> Report:
    """Raises WozError where the manifest or a file can't be read at all."""
    manifest = folder.manifest()
    reasons: list[str] = []
    checksums_ok = _checksums(folder, manifest, reasons)
    duration_ns = manifest.duration_ns or 0
    patches, frames, times = patch_times(folder.ego)
    view = manifest.stream(StreamKind.VIEW)
    grid = mark_grid(manifest.start_utc_ns, duration_ns)
    trainee = read_track(folder.ego, 0)
    heard = read_track(folder.ego, 1)
    witnessed = burst_times(trainee[0], trainee[1], EXPERT_HZ, grid, REACH_NS)
    figures = {
        "view_audio": _pair(patches, burst_times(trainee[0], trainee[1], TRAINEE_HZ, grid, REACH_NS)),
        "expert_said": _said(folder, manifest, grid),
        "expert_heard": _pair(witnessed, burst_times(heard[0], heard[1], EXPERT_HZ, grid, REACH_NS)),
    }
    captured, recorded = (view.captured, view.recorded) if view else (frames, frames)
    gaps = _view_gaps(times)
    voice_gaps = sum(1 for e in manifest.streams for gap in e.gaps if gap.start_ns > PERIOD_NS)
    verdict = _judge(manifest, reasons, captured, frames, gaps, voice_gaps, figures)
    maps = _maps(manifest)
    return Report(
        manifest.session_id,
        manifest.state,
        duration_ns,
        verdict,
        tuple(reasons),
        checksums_ok,
        captured,
        recorded,
        frames,
        gaps,
        voice_gaps,
        **figures,
        drift_ppm={kind: round(m.drift_ppm, 3) for kind, m in maps.items()},
        residual_p95_ms={kind: round(m.quality.residual_p95_ns / NS_PER_MS, 3) for kind, m in maps.items()},
    )


def _checksums(folder: SessionFolder, manifest: Manifest, reasons: list[str]) -> bool:
    expected = {entry.path: entry.sha256 for entry in manifest.streams if entry.sha256}
    for path, digest in expected.items():
        file = folder.path / path
        if not file.is_file():
            reasons.append(f"{path} is missing")
        elif sha256_of(file) != digest:
            reasons.append(f"{path} is not the file that was recorded: its checksum differs")
    return not reasons


def _said(folder: SessionFolder, manifest: Manifest, grid: list[int]) -> Sync | None:
    entry: StreamEntry | None = manifest.stream(StreamKind.EXPERT_SAID)
    if entry is None or entry.clock_map is None or not folder.expert.is_file():
        return None
    to_session = ClockMap.from_json(entry.clock_map)
    samples, rate, start_ns = read_track(folder.expert, 0)
    in_file = [to_session.from_session(t) - start_ns for t in grid]
    found = burst_times(samples, rate, EXPERT_HZ, in_file, REACH_NS)
    return _pair(grid, [to_session.to_session(t + start_ns) for t in found])


def _pair(a: list[int], b: list[int]) -> Sync | None:
    """Each mark of `b` against the nearest of `a`."""
    if not a or not b:
        return None
    errors = [min((t - mark for mark in a), key=abs) for t in b]
    near = np.array([e for e in errors if abs(e) < PERIOD_NS // 2]) / NS_PER_MS
    if not len(near):
        return None
    return Sync(len(near), round(float(np.abs(near).max()), 3), round(float(np.median(near)), 3))


def _view_gaps(times: list[int]) -> int:
    if len(times) < 3:
        return 0
    steps = np.diff(times)
    return int((steps > FRAME_GAP_PART * np.median(steps)).sum())


def _maps(manifest: Manifest) -> dict[str, ClockMap]:
    texts = {entry.kind.value: entry.clock_map or entry.source_map for entry in manifest.streams}
    return {kind: ClockMap.from_json(text) for kind, text in texts.items() if text}


def _judge(
    manifest: Manifest,
    reasons: list[str],
    captured: int,
    in_file: int,
    gaps: int,
    voice_gaps: int,
    figures: dict[str, Sync | None],
) -> Verdict:
    bad = bool(reasons)
    if manifest.fault:
        reasons.append(f"the recording ended before its time: {manifest.fault}")
    if manifest.state == SessionState.RECORDING:
        reasons.append("the session was not closed; run woz recover on its project")
    if manifest.state == SessionState.RECOVERED:
        reasons.append("the session was recovered after a crash")
    if in_file < captured:
        reasons.append(f"{captured - in_file} frames that were captured are not in the file")
    if gaps:
        reasons.append(f"the view has {gaps} gaps")
    if voice_gaps:
        reasons.append(f"the voices have {voice_gaps} gaps")
    if manifest.stream(StreamKind.EXPERT_SAID) is None:
        reasons.append("the expert's own recording is not here; the voice as it was heard stands in its place")
    for name, sync in figures.items():
        if sync and sync.worst_ms > GOOD_MS:
            reasons.append(f"{name.replace('_', ' ')} is off by up to {sync.worst_ms:.0f} ms")
            bad = bad or sync.worst_ms > DOUBTFUL_MS
    return Verdict.BAD if bad else Verdict.DOUBTFUL if reasons else Verdict.GOOD
