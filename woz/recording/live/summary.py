"""What the manifest says of a session that was just recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from woz.base.errors import WozError
from woz.base.interval import NS_PER_S, Interval
from woz.model.session import SessionState
from woz.model.stream import StreamKind
from woz.recording.folder.manifest import Manifest, StreamEntry
from woz.recording.folder.session_folder import SessionFolder, sha256_of
from woz.recording.live.media import SessionMedia
from woz.timing.clock_map import ClockMap


def closed_manifest(
    folder: SessionFolder,
    media: SessionMedia,
    end_ns: int,
    captured: int,
    maps: Mapping[StreamKind, ClockMap],
    fault: WozError | None,
) -> Manifest:
    """The manifest of a closed session, not saved yet."""
    sha256 = sha256_of(folder.ego)
    entries = [_view(folder, media, captured, sha256)]
    entries += [_voice(folder, media, kind, end_ns, sha256) for kind in media.mixers]
    if media.gaze_samples is not None:
        entries.append(_gaze(folder, media.gaze_samples, end_ns))
    mapped = (replace(e, source_map=maps[e.kind].to_json()) if e.kind in maps else e for e in entries)
    return replace(
        folder.manifest(),
        state=SessionState.CLOSED,
        duration_ns=end_ns,
        streams=tuple(mapped),
        fault=str(fault or ""),
    )


def _view(folder: SessionFolder, media: SessionMedia, captured: int, sha256: str) -> StreamEntry:
    return StreamEntry(
        StreamKind.VIEW,
        folder.ego.name,
        0,
        media.view_interval,
        captured=captured,
        recorded=media.frames,
        gaps=tuple(media.view_gaps),
        sha256=sha256,
    )


def _voice(folder: SessionFolder, media: SessionMedia, kind: StreamKind, end_ns: int, sha256: str) -> StreamEntry:
    path, track = folder.ego, int(kind == StreamKind.EXPERT_HEARD)
    if kind == StreamKind.ROOM:
        path, sha256 = folder.room, sha256_of(folder.room)
    mixer, samples = media.mixers[kind], media.stream(kind).samples
    return StreamEntry(
        kind,
        path.name,
        track,
        Interval(0, end_ns),
        captured=samples,
        recorded=samples,
        gaps=tuple(mixer.gaps),
        sha256=sha256,
        refused_ns=mixer.refused_samples * NS_PER_S // mixer.rate,
    )


def _gaze(folder: SessionFolder, samples: int, end_ns: int) -> StreamEntry:
    path = folder.gaze.relative_to(folder.path).as_posix()
    sha256 = sha256_of(folder.gaze)
    return StreamEntry(StreamKind.GAZE, path, 0, Interval(0, end_ns), samples, samples, sha256=sha256)
