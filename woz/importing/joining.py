"""Joins a session with the view that other glasses recorded: it becomes the main one, the first one is kept."""

from __future__ import annotations

import heapq
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import av
import numpy as np

from woz.base.errors import WozError
from woz.base.interval import NS_PER_S, Interval
from woz.base.settings import VideoSettings
from woz.capture.source import GazeSample, VideoFrame
from woz.capture.vrs_file import VrsFileSource
from woz.importing.making import origin_of
from woz.importing.material import ByHand, Placed, Say, ViewSource, by_hand, by_sound, open_view, view_items
from woz.importing.sound_file import read_sound, sound_blocks
from woz.model.events import Event, EventKind
from woz.model.session import SessionState
from woz.model.stream import StreamKind
from woz.recording.folder.journal import Journal
from woz.recording.folder.manifest import Manifest, StreamEntry
from woz.recording.folder.session_folder import SessionFolder, sha256_of
from woz.recording.live.media import GAP_FRAMES
from woz.recording.live.mps_gaze import MpsGazeTable
from woz.recording.live.tables import FrameTable, GazeTable
from woz.recording.live.writer import EgoWriter

VOICES = (StreamKind.TRAINEE_VOICE, StreamKind.EXPERT_HEARD)
FULL_SCALE = 32767
"""What the writer multiplies samples with: so the voices are copied to the bit."""


@dataclass(frozen=True, slots=True)
class _Written:
    frames: int
    interval: Interval
    gaps: tuple[Interval, ...]
    gazes: int | None


def join_view(folder: SessionFolder, view_path: Path, wanted: ByHand | None, say: Say) -> tuple[Manifest, Placed]:
    """Lay a recording of glasses on a closed session by its sound, or by hand, and make its view the main one.

    Both voices stay as they are; the first view stays as `camera.mkv`. Raises WozError, with the session as it was,
    where it has two views already, is damaged, or has no sound in common with the recording.
    """
    before = folder.manifest()
    _refuse(folder, before)
    view = open_view(view_path)
    placed = by_hand(view_path, wanted)
    if placed is None:
        say(f"Aligning {view_path.name} by its sound")
        if view.info.audio_rate is None:
            raise WozError(f"{view_path.name} holds no sound to align by; set where it begins with --offset.")
        placed = by_sound(read_sound(sound_blocks(folder.ego)), folder.ego, view_path)
    try:
        with tempfile.TemporaryDirectory(prefix=".join-", dir=folder.path) as name:
            staging = SessionFolder(Path(name))
            staging.sensors.mkdir()
            written = _write(folder, staging, view, placed, before)
            if isinstance(view, VrsFileSource) and not folder.own_recording.exists():
                shutil.copyfile(view_path, staging.own_recording)
            manifest = _manifest(folder, staging, before, written, placed)
            _swap(folder, staging, manifest)
    except (av.FFmpegError, OSError) as error:
        raise WozError(f"{folder.path} can't be written ({error.strerror}); the session is as it was.") from error
    _tell(folder, placed)
    return manifest, placed


def _refuse(folder: SessionFolder, manifest: Manifest) -> None:
    name, entry = manifest.session_id, manifest.stream(StreamKind.VIEW)
    if manifest.state == SessionState.RECORDING:
        raise WozError(f"The session {name} was not closed; run woz recover on its project.")
    if entry is None or manifest.stream(StreamKind.OTHER_VIEW) or folder.other_view.exists():
        raise WozError(f"The session {name} has no single view to be joined with; nothing was changed.")
    if entry.sha256 and sha256_of(folder.ego) != entry.sha256:
        raise WozError(
            f"{folder.ego} is not the file that was recorded (its checksum differs); nothing was changed."
        )


# writing


def _write(
    folder: SessionFolder, staging: SessionFolder, view: ViewSource, placed: Placed, manifest: Manifest
) -> _Written:
    info, end_ns = view.info, manifest.duration_ns or 0
    writer = EgoWriter(staging.ego, info.width, info.height, info.fps, VideoSettings(), info.colours)
    frames = FrameTable(staging.frames)
    gazes = _Gaze(staging, manifest.session_id) if info.gaze and not folder.gaze.exists() else None
    times: list[int] = []
    try:
        for at_ns, item in heapq.merge(_placed(view, placed), _voices(folder.ego), key=lambda pair: pair[0]):
            if isinstance(item, tuple):
                (writer.trainee, writer.heard)[item[0]].write(item[1])
            elif isinstance(item, VideoFrame) and 0 <= at_ns < end_ns:
                frames.add(item, at_ns, writer.view(item.image, at_ns))
                times.append(at_ns)
            elif isinstance(item, GazeSample) and gazes and 0 <= at_ns < end_ns:
                gazes.add(item, at_ns)
    finally:
        writer.close()
        frames.close()
        if gazes:
            gazes.close()
    if not times:
        raise WozError(f"{placed.path.name} and the session have no time in common; nothing was changed.")
    longest = GAP_FRAMES * NS_PER_S / info.fps
    gaps = tuple(Interval(a, b) for a, b in pairwise(times) if b - a > longest)
    return _Written(len(times), Interval(times[0], times[-1]), gaps, gazes.rows if gazes else None)


class _Gaze:
    """Both tables of gaze."""

    def __init__(self, folder: SessionFolder, session: str) -> None:
        self._table, self._mps = GazeTable(folder.gaze), MpsGazeTable(folder.mps_gaze, session)

    @property
    def rows(self) -> int:
        return self._table.rows

    def add(self, sample: GazeSample, at_ns: int) -> None:
        self._table.add(sample, at_ns)
        self._mps.add(sample)

    def close(self) -> None:
        self._table.close()
        self._mps.close()


def _placed(view: ViewSource, placed: Placed) -> Iterator[tuple[int, object]]:
    for item in view_items(view):
        if isinstance(item, VideoFrame | GazeSample):
            yield placed.clock_map.to_session(item.device_ns - view.begin_ns), item


def _voices(ego: Path) -> Iterator[tuple[int, object]]:
    """The blocks of both voices: (time, (track, samples))."""
    with av.open(str(ego)) as container:
        tracks = {stream.index: i for i, stream in enumerate(container.streams.audio)}
        for packet in container.demux(*container.streams.audio):
            for frame in packet.decode():
                if isinstance(frame, av.AudioFrame):
                    samples = frame.to_ndarray().reshape(-1).astype(np.float32) / np.float32(FULL_SCALE)
                    yield round((frame.time or 0.0) * NS_PER_S), (tracks[packet.stream_index], samples)


# taking its place


def _manifest(
    folder: SessionFolder, staging: SessionFolder, before: Manifest, written: _Written, placed: Placed
) -> Manifest:
    digest = sha256_of(staging.ego)
    old = before.stream(StreamKind.VIEW)
    assert old
    view = StreamEntry(
        StreamKind.VIEW,
        folder.ego.name,
        0,
        written.interval,
        captured=written.frames,
        recorded=written.frames,
        gaps=written.gaps,
        source_map=placed.clock_map.to_json(),
        sha256=digest,
    )
    manifest = before.with_stream(view)
    manifest = manifest.with_stream(replace(old, kind=StreamKind.OTHER_VIEW, path=folder.other_view.name))
    for kind in VOICES:
        if entry := before.stream(kind):
            manifest = manifest.with_stream(replace(entry, sha256=digest))
    if written.gazes is not None:
        path = folder.gaze.relative_to(folder.path).as_posix()
        span = Interval(0, before.duration_ns or 0)
        gaze = StreamEntry(
            StreamKind.GAZE, path, 0, span, written.gazes, written.gazes, sha256=sha256_of(staging.gaze)
        )
        manifest = manifest.with_stream(gaze)
    return replace(manifest, made_of=(*before.made_of, placed.path.name))


def _swap(folder: SessionFolder, staging: SessionFolder, manifest: Manifest) -> None:
    """All files into their places, and the manifest; all back where one of them can't be moved."""
    moves = [(folder.ego, folder.other_view), (folder.frames, folder.other_frames)]
    new = (staging.ego, staging.frames, staging.gaze, staging.mps_gaze, staging.own_recording)
    moves += [(path, folder.path / path.relative_to(staging.path)) for path in new]
    done: list[tuple[Path, Path]] = []
    try:
        for source, target in moves:
            if source.exists():
                source.rename(target)
                done.append((source, target))
        manifest.save(folder.manifest_path)
    except (OSError, WozError):
        for source, target in reversed(done):
            target.rename(source)
        raise


def _tell(folder: SessionFolder, placed: Placed) -> None:
    journal = Journal(folder.events)
    try:
        journal.append(Event(0, EventKind.SOURCE, "import", {"joined": True, **origin_of(placed)}))
    finally:
        journal.close()
