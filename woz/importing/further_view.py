"""A further view of a session: the file of another camera, kept as it is, with a clock map of its own."""

from __future__ import annotations

import csv
import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import av

from woz.base.errors import WozError
from woz.base.interval import NS_PER_S, Interval
from woz.capture.source import VideoFrame
from woz.capture.unplayed import demand_one_part
from woz.capture.vrs_file import VrsFileSource
from woz.importing.making import origin_of
from woz.importing.material import ByHand, Placed, Say, ViewSource, by_hand, by_sound, open_view, view_items
from woz.importing.sound_file import read_sound, sound_blocks
from woz.importing.timesync import ByTable, map_by_table
from woz.model.events import Event, EventKind
from woz.model.session import SessionState
from woz.model.stream import StreamKind, frames_of
from woz.recording.folder.journal import Journal
from woz.recording.folder.manifest import Manifest, StreamEntry
from woz.recording.folder.session_folder import SessionFolder, free_bytes, sha256_of
from woz.recording.live.tables import FRAME_HEADER
from woz.timing.clock_map import ClockMap
from woz.timing.frame_table import FrameTime, read_frame_table

VIEWS = "views"
_NAME = re.compile(r"[A-Za-z0-9][\w-]{0,39}", re.ASCII)
_TAKEN = ("ego", "camera")
"""Names of the tables of the session's own views."""
How = ByHand | ByTable | None
"""By hand, by a table of matching frames, or else by sound."""


@dataclass(frozen=True, slots=True)
class _Frames:
    """In the order in which they are shown; `device_ns` is the file's own time, from its beginning on."""

    times: tuple[FrameTime, ...]
    keys: tuple[bool, ...]


def add_view(folder: SessionFolder, path: Path, name: str, how: How, say: Say) -> tuple[Manifest, Placed]:
    """Copy a camera's file into a closed session and lay it on session time.

    Raises WozError, with the session as it was, where the name is taken, the file is damaged or of several parts,
    or the two have no sound or no time in common.
    """
    before = folder.manifest()
    _refuse(before, name)
    view = open_view(path)
    demand_one_part(path)
    say(f"Reading {path.name}")
    frames = _frames(view, path)
    placed = _placed(folder, path, frames, how, say)
    laid = tuple(replace(frame, session_ns=placed.clock_map.to_session(frame.device_ns)) for frame in frames.times)
    entry = _entry(before, view, path, name, laid, placed)
    say(f"Copying {path.name}")
    try:
        manifest = _kept(folder, before, entry, path, _Frames(laid, frames.keys))
    except OSError as error:
        raise WozError(f"{folder.path} can't be written ({error.strerror}); the session is as it was.") from error
    _tell(folder, name, placed)
    return manifest, placed


def view_name(path: Path) -> str:
    """A camera's name from that of its file."""
    return re.sub(r"[^A-Za-z0-9]+", "-", path.stem).strip("-")[:40] or "view"


def _refuse(manifest: Manifest, name: str) -> None:
    if manifest.state == SessionState.RECORDING:
        raise WozError(f"The session {manifest.session_id} was not closed; run woz recover on its project.")
    if not _NAME.fullmatch(name) or name in _TAKEN:
        raise WozError(f"{name!r} can't be a view's name: take letters, digits, - and _, such as cam01 (--name).")
    if any(entry.view == name for entry in manifest.streams):
        raise WozError(
            f"The session {manifest.session_id} has a view {name} already; give another one with --name."
        )


# where it lies


def _placed(folder: SessionFolder, path: Path, frames: _Frames, how: How, say: Say) -> Placed:
    if isinstance(how, ByHand):
        placed = by_hand(path, how)
        assert placed
        return placed
    if isinstance(how, ByTable):
        return Placed(path, map_by_table(how, read_frame_table(folder.frames), frames.times), "table")
    say(f"Aligning {path.name} by its sound")
    return by_sound(read_sound(sound_blocks(folder.ego)), folder.ego, path)


def _frames(view: ViewSource, path: Path) -> _Frames:
    if isinstance(view, VrsFileSource):
        times = [i.device_ns - view.begin_ns for i in view_items(view) if isinstance(i, VideoFrame)]
        return _Frames(tuple(FrameTime(0, t, t) for t in times), (True,) * len(times))
    try:
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            packets = (p for p in container.demux(stream) if p.pts is not None and not p.is_discard)
            shown = sorted((p.pts or 0, p.is_keyframe) for p in packets)
            tick, began = stream.time_base or Fraction(1, 1000), int(container.start_time or 0) * 1000
    except av.FFmpegError as error:
        raise WozError(f"{path} can't be read ({error.strerror}); copy it again.") from error
    times = [round(pts * tick * NS_PER_S) - began for pts, _ in shown]
    found = tuple(FrameTime(0, t, pts) for t, (pts, _) in zip(times, shown, strict=True))
    return _Frames(found, tuple(key for _, key in shown))


def _entry(
    manifest: Manifest, view: ViewSource, path: Path, name: str, frames: Sequence[FrameTime], placed: Placed
) -> StreamEntry:
    whole = Interval(frames[0].session_ns, frames[-1].session_ns + 1) if frames else Interval(0, 0)
    common = whole & Interval(0, manifest.duration_ns or 0)
    if not common:
        at_s = whole.start_ns / NS_PER_S
        raise WozError(f"{path.name} and the session have no time in common: it would begin at {at_s:+.1f} s.")
    in_file: ClockMap = placed.clock_map.from_origin(-view.begin_ns)
    relative = f"{VIEWS}/{name}{path.suffix.lower()}"
    return StreamEntry(
        StreamKind.OTHER_VIEW,
        relative,
        0,
        common,
        captured=len(frames),
        recorded=len(frames),
        clock_map=in_file.to_json(),
        sha256=sha256_of(path),
        view=name,
    )


# into its place


def _kept(folder: SessionFolder, before: Manifest, entry: StreamEntry, path: Path, frames: _Frames) -> Manifest:
    if free_bytes(folder.path) < path.stat().st_size * 1.02:
        raise WozError(f"{folder.path} has no room for {path.name}; make room and try again.")
    media, table = folder.path / entry.path, folder.path / frames_of(entry.view)
    manifest = before.with_stream(entry)
    media.parent.mkdir(exist_ok=True)
    done: list[Path] = []
    try:
        with tempfile.TemporaryDirectory(prefix=".view-", dir=folder.path) as name:
            copy, rows = Path(name) / media.name, Path(name) / table.name
            shutil.copyfile(path, copy)
            if sha256_of(copy) != entry.sha256:
                raise WozError(f"{path} changed while it was copied; nothing was kept.")
            _write_table(rows, frames)
            for source, target in ((copy, media), (rows, table)):
                source.rename(target)
                done.append(target)
        manifest.save(folder.manifest_path)
    except BaseException:
        for target in done:
            target.unlink(missing_ok=True)
        raise
    return manifest


def _write_table(path: Path, frames: _Frames) -> None:
    with path.open("x", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow((*FRAME_HEADER, "pts"))
        for i, (frame, key) in enumerate(zip(frames.times, frames.keys, strict=True)):
            writer.writerow((i, frame.session_ns, frame.device_ns, int(key), frame.pts))


def _tell(folder: SessionFolder, name: str, placed: Placed) -> None:
    journal = Journal(folder.events)
    try:
        journal.append(Event(0, EventKind.SOURCE, "import", {"view": name, **origin_of(placed)}))
    finally:
        journal.close()
