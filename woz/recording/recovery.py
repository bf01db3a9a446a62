"""Closes a session that a crash left open: says what is there, and changes no media file."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import av

from woz.errors import WozError
from woz.interval import Interval
from woz.recording.folder import SessionFolder, sha256_of
from woz.recording.manifest import Manifest, StreamEntry
from woz.session import SessionId, SessionState, StreamKind

KINDS = (StreamKind.TRAINEE_VOICE, StreamKind.EXPERT_HEARD)


def recover(folder: SessionFolder) -> Manifest:
    """The manifest of what is readable, in state "recovered", saved in the place of the open one.

    A closed session is left as it is. Raises WozError where nothing of the view can be read.
    """
    manifest = folder.manifest()
    if manifest.state != SessionState.RECORDING:
        return manifest
    ends, frames = _read_through(folder.ego)
    duration_ns = max(ends.values(), default=0)
    digest = sha256_of(folder.ego)
    view = StreamEntry(
        StreamKind.VIEW,
        folder.ego.name,
        0,
        Interval(0, ends.get(("video", 0), 0)),
        captured=frames,
        recorded=frames,
        sha256=digest,
    )
    voices = tuple(
        StreamEntry(kind, folder.ego.name, i, Interval(0, ends.get(("audio", i), 0)), sha256=digest)
        for i, kind in enumerate(KINDS)
    )
    recovered = replace(manifest, state=SessionState.RECOVERED, duration_ns=duration_ns, streams=(view, *voices))
    recovered.save(folder.manifest_path)
    return recovered


def left_open(sessions: Path) -> list[SessionId]:
    """The sessions in a project's folder whose manifest says that they are being recorded."""
    found = []
    for path in sorted(sessions.glob("*/manifest.json")):
        try:
            state = json.loads(path.read_text(encoding="utf-8"))["state"]
        except (OSError, ValueError, KeyError):
            continue
        if state == SessionState.RECORDING:
            found.append(SessionId(path.parent.name))
    return found


def _read_through(path: Path) -> tuple[dict[tuple[str, int], int], int]:
    """The end (ns) of each stream, by its type and its number among those, and the number of frames."""
    ends: dict[tuple[str, int], int] = {}
    frames = 0
    try:
        with av.open(str(path)) as container:
            voices = list(container.streams.audio)
            for packet in container.demux():
                if packet.pts is None:
                    continue
                stream = packet.stream
                number = next((i for i, voice in enumerate(voices) if voice is stream), 0)
                end = round((packet.pts + (packet.duration or 0)) * packet.time_base * 1_000_000_000)
                ends[(stream.type, number)] = max(ends.get((stream.type, number), 0), end)
                frames += stream.type == "video"
    except av.FFmpegError as error:
        if not frames:
            raise WozError(f"Nothing can be read of {path}; keep the folder and ask for help.") from error
    return ends, frames
