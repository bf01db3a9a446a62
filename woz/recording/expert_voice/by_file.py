"""The console's recording of the expert, brought to the session by file: a stick, a shared folder."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

from woz.base.errors import WozError
from woz.model.ids import SessionId
from woz.model.voice_copy import VoiceCopy
from woz.recording.expert_voice.parts import OWN, is_complete, length_ns, take_in_parts
from woz.recording.folder.manifest import Manifest
from woz.recording.folder.session_folder import SessionFolder, sha256_of
from woz.timing.clock_map import ClockMap


def session_of(path: Path) -> SessionId:
    """Which session a console's recording, or folder of them, belongs to. Raises WozError where none is known."""
    return SessionId(VoiceCopy.load(_notes(path)[0]).session_id)


def extent_ns(path: Path) -> int:
    """The session time at which the recording, or the last of a folder of them, ends; 0 where none says so.

    Raises WozError where one can't be read.
    """
    ends = [0]
    for note in _notes(path):
        copy = VoiceCopy.load(note)
        if copy.clock_map:
            ends.append(ClockMap.from_json(copy.clock_map).to_session(length_ns(note.with_suffix(".mka"))))
    return max(ends)


def bring_voice(folder: SessionFolder, path: Path) -> Manifest:
    """Take a recording with the note beside it, or all of a console's folder, and make it the session's own.

    Raises WozError, with nothing overwritten, where it is of another session, damaged, or not all there is, or
    where the session has one already.
    """
    if folder.expert.exists():
        raise WozError(f"{folder.path.name} has the expert's own recording already; nothing was overwritten.")
    brought = [_checked(folder, note) for note in _notes(path)]
    for source, copy in brought:
        _store(folder, source, copy)
    if not is_complete(folder):
        parts = max(copy.parts for _, copy in brought)
        raise WozError(f"The console made {parts} recordings of this session; bring its whole folder.")
    manifest = take_in_parts(folder)
    if manifest.expert_voice != OWN:
        raise WozError(f"{path} was not taken over; see the session's folder.")
    return manifest


def _notes(path: Path) -> list[Path]:
    notes = sorted(path.glob("expert*.json")) if path.is_dir() else [path.with_suffix(".json")]
    if not path.exists() or not notes:
        raise WozError(f"There is no recording of a console in {path}; give expert.mka, or the folder it lies in.")
    return notes


def _checked(folder: SessionFolder, note: Path) -> tuple[Path, VoiceCopy]:
    copy, source = VoiceCopy.load(note), note.with_suffix(".mka")
    if copy.session_id != folder.path.name:
        raise WozError(
            f"{source} belongs to session {copy.session_id}, not to {folder.path.name}; nothing was taken."
        )
    sha256 = sha256_of(source)
    if copy.sealed and sha256 != copy.sha256:
        raise WozError(f"{source} is not what the console recorded: its checksum differs; copy it again.")
    return source, replace(copy, size=source.stat().st_size, sealed=True, sha256=sha256)


def _store(folder: SessionFolder, source: Path, copy: VoiceCopy) -> None:
    place = folder.voice_parts / f"{copy.id}.mka"
    temporary = place.with_suffix(".copy")
    try:
        folder.voice_parts.mkdir(exist_ok=True)
        shutil.copyfile(source, temporary)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.replace(place)
        copy.save(place.with_suffix(".json"))
        for left in (place.with_suffix(".part"), place.with_suffix(".log")):
            left.unlink(missing_ok=True)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise WozError(f"{source} can't be stored in {folder.path} ({error.strerror}); make room.") from error
