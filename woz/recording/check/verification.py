"""Checks a recorded session by reading its files: integrity, lost frames, gaps, and sync where there are marks.

It shares no code with the clock estimation: what it knows of time it takes from the files, and for the expert's
own recording from the clock map in the manifest, which is what it puts to the test.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from woz.base.counts import counted
from woz.base.errors import WozError, permitted
from woz.base.interval import NS_PER_MS, NS_PER_S, Interval
from woz.base.machine_faults import AWAY, SHORT, answered
from woz.model.session import SessionState
from woz.model.stream import StreamKind
from woz.recording.check.figures import (
    ClockFigures,
    FileFigures,
    GapFigures,
    StreamFigures,
    clock_doubts,
    clocks_of,
    extent_doubts,
    files_of,
    frame_steps,
    gaps_of,
    streams_of,
    view_doubts,
)
from woz.recording.check.how_far import Done, HowFar, Tell, unheard
from woz.recording.check.sound_losses import SHORT_NS as SHORT_HOLE_NS
from woz.recording.check.sound_losses import SoundLosses, loss_doubts, losses_of, voice_holes
from woz.recording.check.sync_mark_reader import bursts_in, mark_grid, patch_times
from woz.recording.check.verdict import Verdict
from woz.recording.folder.journal import read_journal
from woz.recording.folder.manifest import Manifest
from woz.recording.folder.media_facts import TrackFacts, media_facts, tracks_of
from woz.recording.folder.session_folder import SessionFolder
from woz.timing.clock_map import ClockMap
from woz.timing.sync_marks import EXPERT_HZ, PERIOD_NS, TRAINEE_HZ

REACH_NS = 480 * NS_PER_MS
MOST_MARKS = 620
"""In a session with more whole seconds than these, so many of them, evenly spread, are looked at."""
GOOD_MS, DOUBTFUL_MS = 40.0, 100.0
FRAME_GAP_PART = 2.5
"""Two frames further apart than this many usual distances leave a gap in the view."""
SHORT_NS = NS_PER_S
"""A track that ends this much before the session does is cut short."""


@dataclass(frozen=True, slots=True)
class Sync:
    """Errors of one pair of streams over all marks, in milliseconds: the largest absolute one and the median."""

    marks: int
    worst_ms: float
    median_ms: float
    errors: tuple[tuple[float, float], ...] = ()
    """Each mark: seconds of session time, and its error in ms."""


@dataclass(frozen=True, slots=True)
class Report:
    """What the files of a session say of it. `view_audio` and the others are None where there are no marks.

    `view_audio`: white patches against 1 kHz bursts in the trainee's track. `expert_said`: 2 kHz bursts in the
    expert's own recording, by its clock map, against whole seconds of UTC. `expert_heard`: 2 kHz bursts that leaked
    from the earpiece into the trainee's microphone against those in the track "expert, as heard". Positive is
    when the latter come later.
    """

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
    files: tuple[FileFigures, ...] = ()
    streams: tuple[StreamFigures, ...] = ()
    gaps: tuple[GapFigures, ...] = ()
    clocks: tuple[ClockFigures, ...] = ()
    frame_steps: tuple[tuple[float, float], ...] = ()
    """Seconds of session time, and the longest distance of two frames around it in ms."""
    schema_version: int = 0
    """Of the manifest: by which rule the session was recorded."""
    losses: SoundLosses = field(default_factory=SoundLosses)
    view_own: Sync | None = None
    """White patches against 1 kHz bursts in the view's own sound, where that is a track besides the trainee's."""

    @property
    def worst_ms(self) -> float | None:
        """The largest error of any pair of streams; None where there are no marks."""
        syncs = (self.view_audio, self.expert_said, self.expert_heard, self.view_own)
        return max((abs(sync.worst_ms) for sync in syncs if sync), default=None)


@dataclass(frozen=True, slots=True)
class _Syncs:
    view_audio: Sync | None = None
    expert_said: Sync | None = None
    expert_heard: Sync | None = None
    view_own: Sync | None = None

    @property
    def all(self) -> tuple[Sync | None, ...]:
        return (self.view_audio, self.expert_said, self.expert_heard, self.view_own)


def check(folder: SessionFolder, tell: Tell = unheard) -> Report:
    """`tell` is told how far it is.

    Raises WozError where the manifest can't be read, where a folder may not be entered, or where the machine or a
    disk of the network, and not the recording, is why something can't; a media file that can't be read for what it
    holds is told in the report.
    """
    with permitted():
        manifest = folder.manifest()
        read = _read(folder, manifest, HowFar(tell))
        losses = losses_of(manifest, read_journal(folder.events))
        clocks = clocks_of(manifest)
        return _report(manifest, read, losses, clocks, _doubts(folder, manifest, read, losses, clocks))


@dataclass(frozen=True, slots=True)
class _Read:
    """What the files of a session say. `times` are those of the view's frames (ns), `gaps` lie between them."""

    files: tuple[FileFigures, ...]
    facts: tuple[TrackFacts, ...]
    syncs: _Syncs
    damage: tuple[str, ...]
    times: list[int]
    gaps: list[Interval]


def _read(folder: SessionFolder, manifest: Manifest, far: HowFar) -> _Read:
    """Raises WozError where the machine or a disk is why something can't be read."""
    far.stage(0.05, "the checksums of the files")
    files = files_of(folder, manifest)
    damage = [file.problem for file in files if file.problem]
    if manifest.session_id != folder.path.name:
        damage.insert(0, f"manifest.json is that of session {manifest.session_id}")
    try:
        far.stage(0.1, "the frames of the view")
        facts = media_facts(folder.ego)
        syncs = _syncs(folder, manifest, far)
    except WozError as fault:
        if answered(fault, AWAY | SHORT):
            raise
        damage.append(str(fault))
        facts, syncs = (), _Syncs()
    if damage:
        _demand_there(folder)
    times = [t for track in tracks_of(facts, "video")[:1] for t in track.times_ns]
    return _Read(files, facts, syncs, tuple(damage), times, _view_gaps(times))


def _doubts(
    folder: SessionFolder, manifest: Manifest, read: _Read, losses: SoundLosses, clocks: tuple[ClockFigures, ...]
) -> list[str]:
    captured, _ = _counted(manifest, read)
    return [
        *_state_doubts(manifest),
        *_lost(captured, len(read.times)),
        *_short(manifest, read.facts),
        *_gap_doubts(manifest, len(read.gaps), _voice_gaps(manifest)),
        *loss_doubts(losses, manifest.duration_ns or 0),
        *_sync_doubts(read.syncs),
        *clock_doubts(manifest, clocks),
        *extent_doubts(manifest),
        *_table_doubts(folder, read.times),
        *view_doubts(folder, manifest),
    ]


def _report(
    manifest: Manifest, read: _Read, losses: SoundLosses, clocks: tuple[ClockFigures, ...], doubts: list[str]
) -> Report:
    captured, recorded = _counted(manifest, read)
    return Report(
        manifest.session_id,
        manifest.state,
        manifest.duration_ns or 0,
        _verdict(read.damage, doubts, read.syncs),
        (*read.damage, *doubts),
        not read.damage,
        captured,
        recorded,
        len(read.times),
        len(read.gaps),
        _voice_gaps(manifest),
        read.syncs.view_audio,
        read.syncs.expert_said,
        read.syncs.expert_heard,
        drift_ppm={clock.stream: clock.drift_ppm for clock in clocks},
        residual_p95_ms={clock.stream: clock.residual_p95_ms for clock in clocks},
        files=read.files,
        streams=streams_of(manifest),
        gaps=gaps_of(manifest, read.gaps),
        clocks=clocks,
        frame_steps=frame_steps(read.times),
        schema_version=manifest.schema_version,
        losses=losses,
        view_own=read.syncs.view_own,
    )


def _counted(manifest: Manifest, read: _Read) -> tuple[int, int]:
    """Frames that were captured and recorded, as the manifest says; as the file has them where it doesn't."""
    view = manifest.stream(StreamKind.VIEW)
    return (view.captured, view.recorded) if view else (len(read.times), len(read.times))


def _voice_gaps(manifest: Manifest) -> int:
    return sum(hole.duration_ns >= SHORT_HOLE_NS for hole in voice_holes(manifest))


def _demand_there(folder: SessionFolder) -> None:
    """What a disk took along that went away meanwhile is no damage."""
    if not folder.manifest_path.is_file():
        raise WozError(f"{folder.path} went away while it was checked; bring its disk back, and check it again.")


def unchecked(session_id: str, fault: WozError) -> Report:
    """What is said of a session that can't be checked at all."""
    return _nothing_found(session_id, "unknown", 0, Verdict.BAD, str(fault))


def without_recording(session_id: str, state: str, duration_ns: int) -> Report:
    """What is said of a session that was imported as annotations alone."""
    reason = "There is no recording of it: it was imported as annotations alone."
    return _nothing_found(session_id, state, duration_ns, Verdict.NONE, reason)


def _nothing_found(session_id: str, state: str, duration_ns: int, verdict: Verdict, reason: str) -> Report:
    return Report(
        session_id,
        state=state,
        duration_ns=duration_ns,
        verdict=verdict,
        reasons=(reason,),
        checksums_ok=verdict == Verdict.NONE,
        frames_captured=0,
        frames_recorded=0,
        frames_in_file=0,
        view_gaps=0,
        voice_gaps=0,
        view_audio=None,
        expert_said=None,
        expert_heard=None,
        drift_ppm={},
        residual_p95_ms={},
    )


# sync, from the marks


def _syncs(folder: SessionFolder, manifest: Manifest, far: HowFar) -> _Syncs:
    grid = _some(mark_grid(manifest.start_utc_ns, manifest.duration_ns or 0))
    spans = [_around(t) for t in grid if t >= REACH_NS]
    done = far.stage(0.25, "the trainee's voice")
    trainee, leaked = bursts_in(folder.ego, 0, (TRAINEE_HZ, EXPERT_HZ), spans, done)
    done = far.stage(0.15, "the expert's voice as it was heard")
    (heard,) = bursts_in(folder.ego, 1, (EXPERT_HZ,), spans, done)
    done = far.stage(0.1, "the sound of the view's own device")
    own = bursts_in(folder.room, 0, (TRAINEE_HZ,), spans, done)[0] if manifest.stream(StreamKind.ROOM) else []
    whole = [Interval(0, manifest.duration_ns or 0)]
    done = far.stage(0.2, "the marks in the view")
    patches = patch_times(folder.ego, whole if len(grid) < MOST_MARKS else spans, done) if trainee or own else []
    said = _said(folder, manifest, grid, far.stage(0.15, "the expert's own recording"))
    return _Syncs(_pair(patches, trainee), said, _pair(leaked, heard), _pair(patches, own))


def _some(grid: list[int]) -> list[int]:
    if len(grid) <= MOST_MARKS:
        return grid
    return [grid[i] for i in np.linspace(0, len(grid) - 1, MOST_MARKS).astype(int)]


def _around(t_ns: int) -> Interval:
    return Interval(t_ns - REACH_NS, t_ns + REACH_NS)


def _said(folder: SessionFolder, manifest: Manifest, grid: list[int], done: Done) -> Sync | None:
    entry = manifest.stream(StreamKind.EXPERT_SAID)
    if entry is None or entry.clock_map is None or not folder.expert.is_file():
        return None
    to_session = ClockMap.from_json(entry.clock_map)
    in_file = [to_session.from_session(t) for t in grid]
    spans = [_around(t) for t in in_file if t >= REACH_NS]
    (found,) = bursts_in(folder.expert, 0, (EXPERT_HZ,), spans, done)
    return _pair(grid, [to_session.to_session(t) for t in found])


def _pair(a: list[int], b: list[int]) -> Sync | None:
    """Each mark of `b` against the nearest of `a`, which is no further than half a period from it."""
    if not a or not b:
        return None
    errors = [(t, min((t - mark for mark in a), key=abs)) for t in b]
    kept = tuple((round(t / NS_PER_S, 3), round(e / NS_PER_MS, 3)) for t, e in errors if abs(e) < PERIOD_NS // 2)
    if not kept:
        return None
    near = np.array([error for _, error in kept])
    return Sync(len(kept), float(np.abs(near).max()), round(float(np.median(near)), 3), kept)


# gaps, and what else there is to say


def _view_gaps(times: list[int]) -> list[Interval]:
    if len(times) < 3:
        return []
    longest = FRAME_GAP_PART * float(np.median(np.diff(times)))
    return [Interval(a, b) for a, b in pairwise(times) if b - a > longest]


def _state_doubts(manifest: Manifest) -> list[str]:
    doubts = []
    if manifest.state == SessionState.RECORDING:
        doubts.append("the session was not closed; run woz recover on its project")
    if manifest.fault:
        doubts.append(f"the recording ended before its time: {manifest.fault}")
    if manifest.stream(StreamKind.EXPERT_SAID) is None and not manifest.made_of:
        doubts.append("the expert's own recording is not here; the voice as it was heard stands in its place")
    return doubts


def _lost(captured: int, in_file: int) -> list[str]:
    if in_file >= captured:
        return []
    return [f"{counted(captured - in_file, 'frame')} captured but not in the file"]


def _table_doubts(folder: SessionFolder, times: list[int]) -> list[str]:
    """The table of frames and the view's file must speak of the same frames."""
    if not folder.frames.is_file():
        return ["the table of frames is missing; times of frames are rounded to milliseconds"]
    rows = max(0, folder.frames.read_bytes().count(b"\n") - 1)
    if not times or rows == len(times):
        return []
    return [f"the table of frames has {counted(rows, 'row')} for {counted(len(times), 'frame')}"]


def _short(manifest: Manifest, facts: tuple[TrackFacts, ...]) -> list[str]:
    """Tracks of the view's file that end before the session does."""
    names = ("the view", "the trainee's voice", "the expert's voice as heard")
    tracks = [*tracks_of(facts, "video")[:1], *tracks_of(facts, "audio")]
    missing_ns = [(manifest.duration_ns or 0) - track.interval.end_ns for track in tracks]
    pairs = zip(names, missing_ns, strict=False)
    return [f"{name} ends {ns / 1e9:.1f} s before the session does" for name, ns in pairs if ns > SHORT_NS]


def _gap_doubts(manifest: Manifest, view_gaps: int, voice_gaps: int) -> list[str]:
    doubts = []
    if view_gaps:
        doubts.append(f"the view has {counted(view_gaps, 'gap')}")
    if voice_gaps:
        doubts.append(f"the voices have {counted(voice_gaps, 'gap')}")
    refused_ns = sum(entry.refused_ns for entry in manifest.streams)
    if refused_ns > REACH_NS:
        doubts.append(f"{refused_ns / 1e9:.1f} s of sound came too late to be recorded")
    return doubts


def _sync_doubts(syncs: _Syncs) -> list[str]:
    pairs = {
        "the view and the trainee's voice": syncs.view_audio,
        "the view and the sound of its own device": syncs.view_own,
        "the expert's own recording and session time": syncs.expert_said,
        "the expert's voice as recorded and as heard": syncs.expert_heard,
    }
    off = {name: sync for name, sync in pairs.items() if sync and sync.worst_ms > GOOD_MS}
    return [f"{name} are apart by up to {sync.worst_ms:.0f} ms" for name, sync in off.items()]


def _verdict(damage: Sequence[str], doubts: Sequence[str], syncs: _Syncs) -> Verdict:
    worst = max((s.worst_ms for s in syncs.all if s), default=0.0)
    if damage or worst > DOUBTFUL_MS:
        return Verdict.BAD
    return Verdict.DOUBTFUL if doubts else Verdict.GOOD
