"""Takes the console's own recording of the expert into the session's folder."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.model.stream import StreamKind
from woz.recording.folder.manifest import Manifest, StreamEntry
from woz.recording.folder.media_facts import media_facts, tracks_of
from woz.recording.folder.session_folder import SessionFolder, sha256_of
from woz.recording.folder.voice_place import require_place
from woz.timing.clock_map import ClockMap


def adopt_voice(folder: SessionFolder, received: Path, clock_map: ClockMap, sha256: str) -> Manifest:
    """Put the recording in its place and its clock map, from time in the file to session time, into the manifest.

    A file that lies inside the session's folder already is moved, any other is copied. Raises WozError where there
    is a recording already, the file is not the one with this checksum, it lies at another time than the session, or
    it can't be read or stored.
    """
    if folder.expert.exists():
        raise WozError(f"{folder.expert} exists already; nothing was overwritten.")
    duration_ns = _duration_ns(received)
    if sha256_of(received) != sha256:
        raise WozError(f"{received.name} is not what the console recorded (its checksum differs); send it again.")
    require_place(folder.manifest(), clock_map, duration_ns)
    _place(received, folder.expert)
    interval = Interval(clock_map.to_session(0), clock_map.to_session(duration_ns))
    entry = StreamEntry(
        StreamKind.EXPERT_SAID, folder.expert.name, 0, interval, clock_map=clock_map.to_json(), sha256=sha256
    )
    manifest = folder.manifest().with_stream(entry)
    manifest.save(folder.manifest_path)
    return manifest


def _place(received: Path, place: Path) -> None:
    temporary = place.with_suffix(".copy")
    try:
        if place.parent not in received.parents:
            shutil.copyfile(received, temporary)
            received = temporary
        with received.open("rb+") as file:
            os.fsync(file.fileno())
        received.rename(place)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise WozError(f"The expert's recording can't be stored in {place.parent} ({error.strerror}).") from error


def _duration_ns(path: Path) -> int:
    """Of a recording that may have been cut off by a crash."""
    sound = tracks_of(media_facts(path), "audio")
    if not sound or not sound[0].times_ns:
        raise WozError(f"{path.name} holds no sound; the expert's recording was not taken over.")
    return sound[0].end_ns
