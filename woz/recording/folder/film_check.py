"""Whether a session's film is the one that was recorded: at once by its frames, in the end by its checksum."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from woz.base.counts import counted
from woz.base.errors import WozError
from woz.base.outside import Data, Unsound, read_file
from woz.model.stream import MAIN_FRAMES, StreamKind
from woz.recording.folder.frame_index import FrameIndex
from woz.recording.folder.manifest import StreamEntry
from woz.recording.folder.session_folder import SessionFolder
from woz.recording.folder.waves import source_mark

BLOCK = 2**20
GoOn = Callable[[], bool]
"""Whether anybody still waits for it."""
REPLACED = (
    "This video isn't the one that was recorded: its checksum differs from the session's manifest. What is marked"
    " may lie elsewhere in it; put the recorded file back."
)


def film_doubt(folder: SessionFolder, index: FrameIndex) -> str:
    """What its frames tell against the film, in a sentence; empty where nothing does."""
    entry, count = _view(folder), len(index.times)
    if entry and entry.recorded and count < entry.recorded:
        return (
            f"The video is cut short: {count} of its {entry.recorded} frames are here. What is marked stays; put"
            " the whole file back."
        )
    if entry and entry.recorded and count > entry.recorded:
        return (
            f"This video isn't the one that was recorded: it has {counted(count, 'frame')}, the session's manifest"
            f" says {entry.recorded}. Put the recorded file back."
        )
    if index.disagreed:
        return (
            f"The frame table {MAIN_FRAMES} disagrees with the video; the video's own times are used. Put the"
            " recorded table back, or have woz check look at the session."
        )
    return ""


def is_recorded(folder: SessionFolder, go_on: GoOn = lambda: True) -> bool | None:
    """Whether the film's checksum is that of the manifest; None where none is kept, or nobody waits any more.

    That a film was found right is kept beside it, so that it isn't read whole each time. Raises WozError where it
    can't be read.
    """
    entry = _view(folder)
    if entry is None or not entry.sha256:
        return None
    film = folder.path / entry.path
    try:
        known = {"mark": source_mark(film), "changed_ns": film.stat().st_mtime_ns, "sha256": entry.sha256}
        if _kept(folder) == known:
            return True
        found = _sha256(film, go_on)
    except OSError as error:
        raise WozError(f"The video {film} can't be read ({error.strerror}).") from error
    if found == entry.sha256:
        _keep(folder, known)
    return found == entry.sha256 if found else None


def _view(folder: SessionFolder) -> StreamEntry | None:
    try:
        return folder.manifest().stream(StreamKind.VIEW)
    except WozError:
        return None


def _sha256(film: Path, go_on: GoOn) -> str:
    """Empty where nobody waits for it any more."""
    digest = hashlib.sha256()
    with film.open("rb") as file:
        while block := file.read(BLOCK):
            if not go_on():
                return ""
            digest.update(block)
    return digest.hexdigest()


def _place(folder: SessionFolder) -> Path:
    return folder.derived / "ego.checked.json"


def _kept(folder: SessionFolder) -> object:
    try:
        return read_file(_place(folder), Data)
    except (OSError, Unsound):
        return None


def _keep(folder: SessionFolder, known: dict[str, object]) -> None:
    """Where the disk lets us; else it is read again the next time."""
    with contextlib.suppress(OSError):
        _place(folder).parent.mkdir(exist_ok=True)
        _place(folder).write_text(json.dumps(known), encoding="utf-8")
