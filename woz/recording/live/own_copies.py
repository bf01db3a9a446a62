"""The console's recordings of the expert on its own disk, until a station has them, and after."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from woz.base.errors import WozError
from woz.model.ids import new_id
from woz.model.voice_copy import CHUNK_BYTES, VoiceCopy
from woz.recording.folder.lock import RecordingLock
from woz.recording.folder.session_folder import sha256_of

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Own:
    path: Path
    copy: VoiceCopy

    @property
    def note(self) -> Path:
        return self.path.with_suffix(".json")

    @property
    def stored(self) -> Path:
        """Is there once a station has it all."""
        return self.path.with_suffix(".stored")

    def grown(self) -> VoiceCopy:
        """With the size that it has by now."""
        return self.copy if self.copy.sealed else replace(self.copy, size=self.path.stat().st_size)


class OwnCopies:
    """What the link hands over. A note beside each recording keeps what a crash would make forgotten.

    Recordings that another process left open are closed as they are; those that another one still makes are left
    alone. Safe from any thread.
    """

    def __init__(self, recordings: Path, session_id: str) -> None:
        self._session_id = session_id
        self._folder = recordings / session_id
        self._lock = threading.RLock()
        self._recording_lock: RecordingLock | None = None
        self._growing: _Own | None = None
        self._known: list[_Own] = []
        for note in sorted(recordings.glob("*/expert*.json")):
            self._find(note)

    @property
    def pending(self) -> list[VoiceCopy]:
        """Those of this session that no station has all of."""
        with self._lock:
            return [c for c in self.copies() if c.session_id == self._session_id]

    def begin(self, path: Path, clock_map: str) -> None:
        """A recording of this session begins. Raises OSError where that can't be noted."""
        with self._lock:
            self._recording_lock = RecordingLock(self._folder / ".recording")
            self._recording_lock.take()
            part = 1 + len(list(self._folder.glob("expert*.json")))
            copy = VoiceCopy(new_id(), self._session_id, part, part, clock_map=clock_map)
            self._growing = own = _Own(path, copy)
            copy.save(own.note)
            self._known.insert(0, own)
            for other in self._known:
                if other.copy.session_id == self._session_id:
                    other.copy = replace(other.copy, parts=part)

    @property
    def lacks_map(self) -> bool:
        """Whether the growing recording has no time yet: after a crash it could not be placed."""
        own = self._growing
        return own is not None and not own.copy.clock_map

    def map_learned(self, clock_map: str) -> None:
        """From time in the growing recording to session time, as well as it is known now. Raises OSError."""
        with self._lock:
            own = self._growing
            if own and clock_map and own.copy.clock_map != clock_map:
                own.copy = replace(own.copy, clock_map=clock_map)
                own.copy.save(own.note)

    def end(self) -> None:
        """The growing recording is closed. Raises WozError, OSError where it can't be read or noted."""
        with self._lock:
            own, self._growing = self._growing, None
            lock, self._recording_lock = self._recording_lock, None
            try:
                if own:
                    _seal(own)
            finally:
                if lock:
                    lock.release()

    # what the link asks for

    def copies(self) -> Sequence[VoiceCopy]:
        with self._lock:
            found = []
            for own in self._known:
                try:
                    found.append(own.grown())
                except OSError:
                    continue
            return found

    def read(self, recording: str, number: int) -> bytes | None:
        own = self._named(recording)
        if own is None:
            return None
        try:
            with own.path.open("rb") as file:
                file.seek(number * CHUNK_BYTES)
                return file.read(CHUNK_BYTES)
        except OSError:
            return None

    def handed_over(self, recording: str) -> None:
        own = self._named(recording)
        if own is None:
            return
        with self._lock:
            self._known.remove(own)
        try:
            own.stored.touch()
        except OSError as error:
            log.warning("%s can't be noted as handed over (%s)", own.path, error.strerror)

    def _named(self, recording: str) -> _Own | None:
        with self._lock:
            return next((own for own in self._known if own.copy.id == recording), None)

    def _find(self, note: Path) -> None:
        """Take up a recording of an earlier run."""
        if note.with_suffix(".stored").exists() or not note.with_suffix(".mka").is_file():
            return
        lock = RecordingLock(note.parent / ".recording")
        try:
            own = _Own(note.with_suffix(".mka"), VoiceCopy.load(note))
            if not lock.take():
                return
            if not own.copy.sealed:
                _seal(own)
            lock.release()
        except (WozError, OSError) as error:
            log.warning("a recording is left alone: %s", error)
            return
        if own.copy.size:
            place = 0 if own.copy.session_id == self._session_id else len(self._known)
            self._known.insert(place, own)


def _seal(own: _Own) -> None:
    with own.path.open("rb") as file:
        head = hashlib.sha256(file.read(CHUNK_BYTES)).hexdigest()
    size, sha256 = own.path.stat().st_size, sha256_of(own.path)
    own.copy = replace(own.copy, size=size, sealed=True, sha256=sha256, head=head)
    own.copy.save(own.note)
