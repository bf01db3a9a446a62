"""The station's keeping of the console's recordings, while a session runs and whenever the two meet again."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from woz.base.errors import WozError
from woz.link.transfer.chunks import Chunk, Holding
from woz.model.voice_copy import CHUNK_BYTES, MAX_BYTES, MOST_PARTS, VoiceCopy
from woz.recording.folder.session_folder import SessionFolder
from woz.recording.live.chunk_store import ChunkStore, Kept

log = logging.getLogger(__name__)

SAVE_EVERY_BYTES = 256 * 1024
"""How much a growing recording grows between two notes of it on the disk."""
AHEAD = 2048
"""Chunks by which a growing recording may be ahead of its last offer."""
MOST_TRIES = 3
MOST_RECORDINGS = MOST_PARTS
"""That are taken for one session."""
MOST_OPEN = 4
"""Recordings that have their files open at once."""
BYTES_PER_S = 4 * 48_000
"""The expert's recording is lossless and mono; more than 4 bytes a sample it can't be."""
MARGIN_BYTES = 16 * 1024**2


def room_of(seconds: float) -> int:
    """Bytes that the recordings of so long a session may have."""
    return MARGIN_BYTES + round(seconds * BYTES_PER_S)


class _Deposit:
    """One recording: what is known of it, and its chunks until it is whole."""

    def __init__(self, folder: SessionFolder, copy: VoiceCopy) -> None:
        """Raises OSError."""
        self.copy = copy
        self._note = folder.voice_parts / f"{copy.id}.json"
        self._place = folder.voice_parts / f"{copy.id}.mka"
        self._store: ChunkStore | None = None
        if not self._is_stored(folder):
            self._store = ChunkStore(self._place.with_suffix(".part"))
        self._saved: VoiceCopy | None = None
        self.told: set[str] = set()
        self.damaged = 0
        """How often all chunks were here and the whole was not what it should be."""

    @property
    def whole(self) -> bool:
        return self._store is None

    @property
    def chunks(self) -> int:
        return self._store.held if self._store else self.copy.chunks

    def renew(self, copy: VoiceCopy) -> None:
        """Its origin knows more of it now. Raises OSError."""
        self.copy = copy
        if self._store and copy.head:
            self._store.renew(0, copy.head)
        before = self._saved
        if before is None or copy.sealed or copy.size - before.size > SAVE_EVERY_BYTES:
            if copy != before:
                copy.save(self._note)
            self._saved = copy

    def holding(self, most: int) -> Holding:
        """What of its first `most` chunks is here and what isn't; a recording of which all is here is checked as a
        whole. Raises WozError."""
        copy, store, wanted = self.copy, self._store, min(most, self.copy.chunks)
        missing = store.missing(wanted) if store else []
        if store and copy.sealed and not missing and wanted == copy.chunks and self.damaged < MOST_TRIES:
            if store.is_whole(copy.size, copy.sha256):
                store.finish(copy.size)
                self._store = None
            else:
                self.damaged += 1
                missing = store.missing(wanted)
        return Holding(copy.id, copy.chunks, tuple(missing), self.damaged < MOST_TRIES, self.whole)

    def put(self, chunk: Chunk) -> Kept | None:
        """None for a chunk that lies beyond the recording, or is none of it."""
        if self._store is None:
            return Kept.AGAIN
        return self._store.put(chunk.number, chunk.data, chunk.sha256) if self._fits(chunk) else None

    def _fits(self, chunk: Chunk) -> bool:
        last = self.copy.chunks - 1
        if len(chunk.data) < CHUNK_BYTES:
            return self.copy.sealed and chunk.number == last
        return chunk.number <= last + (0 if self.copy.sealed else AHEAD)

    def release(self) -> None:
        """Close its files until they are needed again."""
        if self._store:
            self._store.release()

    def _is_stored(self, folder: SessionFolder) -> bool:
        try:
            known = VoiceCopy.load(self._note)
        except WozError:
            return False
        return known.sealed and (self._place.is_file() or folder.expert.is_file()) and not self._part.exists()

    @property
    def _part(self) -> Path:
        return self._place.with_suffix(".part")


class ReceivedRecordings:
    """Takes offers and chunks; safe from any thread. `tell(session_id, sentence)` is for the journal of a session.

    A recording of the running session is taken; one of an earlier session of this project only where its first
    offer came while that session ran. Nothing that is here is ever overwritten by something else. `room` says how
    many bytes the running session's recordings may have; those of an earlier one may have what its length allows.
    """

    def __init__(
        self,
        sessions: Path,
        session_id: str,
        tell: Callable[[str, str], None],
        room: Callable[[], int] = lambda: MAX_BYTES,
    ) -> None:
        self._sessions = sessions
        self._session_id = session_id
        self._tell = tell
        self._room = room
        self._deposits: dict[str, _Deposit] = {}
        self._in_use: OrderedDict[str, _Deposit] = OrderedDict()
        self._rooms: dict[str, int] = {}
        self._strangers: set[str] = set()
        self._lock = threading.RLock()

    def offered(self, copy: VoiceCopy) -> Holding:
        """What is here of a recording. Raises OSError where the disk takes no more, WozError where it's damaged."""
        with self._lock:
            return self._offered(copy)

    def _offered(self, copy: VoiceCopy) -> Holding:
        deposit = self._deposits.get(copy.id)
        if deposit and deposit.copy.session_id != copy.session_id:
            self._once(copy.id, f"A recording was offered again for another session ({copy.session_id}).")
            return Holding(copy.id, 0, here=False)
        if deposit is None:
            deposit = self._open(copy)
        if deposit is None:
            return Holding(copy.id, 0, here=False)
        self._use(deposit)
        deposit.renew(copy)
        was_whole, was_damaged = deposit.whole, deposit.damaged
        holding = deposit.holding(self._room_for(copy.session_id) // CHUNK_BYTES)
        if holding.whole and not was_whole:
            self._say(copy, f"The expert's own recording is here, part {copy.part} of {copy.parts}, and checked.")
        elif deposit.damaged > was_damaged:
            again = "it is fetched again" if holding.here else "bring it with woz import voice"
            self._say(copy, f"The expert's own recording is not what the console has recorded; {again}.")
        return holding

    def arrived(self, raw: bytes) -> Chunk | None:
        """Take a chunk; the answer is the chunk if it is on the disk now. Raises OSError."""
        with self._lock:
            return self._arrived(raw)

    def _arrived(self, raw: bytes) -> Chunk | None:
        try:
            chunk = Chunk.decode(raw)
        except ValueError as error:
            self._once("", f"The link brought {error}; it was left out.")
            return None
        deposit = self._deposits.get(chunk.recording)
        if deposit is None:
            self._once(chunk.recording, "A chunk of a recording came that nobody had offered; it was left out.")
            return None
        if not self._has_room(deposit):
            self._warn(deposit, "The expert's own recording is longer than the session; the rest was left out.")
            return None
        self._use(deposit)
        kept = deposit.put(chunk)
        if kept == Kept.OTHER:
            self._warn(deposit, "Another chunk came for a place that is filled; the first one was kept.")
        elif kept is None:
            self._warn(deposit, "A chunk came from beyond the end of the recording; it was left out.")
        elif kept == Kept.AGAIN:
            self._warn(deposit, "A chunk of the expert's own recording came twice; the second was left out.")
        return chunk if kept in (Kept.NEW, Kept.AGAIN) else None

    @property
    def held(self) -> int:
        """Chunks here of the running session's recordings."""
        with self._lock:
            return sum(deposit.chunks for deposit in self._own())

    @property
    def sizes(self) -> tuple[int, int]:
        """Bytes here of the running session's recordings, and how many these have, as far as is known."""
        with self._lock:
            whole = sum(deposit.copy.size for deposit in self._own())
            return min(whole, self.held * CHUNK_BYTES), whole

    @property
    def is_complete(self) -> bool:
        """Whether every part of the running session that is known of is here and whole."""
        with self._lock:
            own = self._own()
            return bool(own) and len(own) == max(d.copy.parts for d in own) and all(d.whole for d in own)

    def close(self) -> None:
        with self._lock:
            while self._in_use:
                self._in_use.popitem()[1].release()

    def _use(self, deposit: _Deposit) -> None:
        """Few have their files open: those that were used last."""
        self._in_use[deposit.copy.id] = deposit
        self._in_use.move_to_end(deposit.copy.id)
        while len(self._in_use) > MOST_OPEN:
            self._in_use.popitem(last=False)[1].release()

    def _has_room(self, deposit: _Deposit) -> bool:
        session = deposit.copy.session_id
        return (sum(d.chunks for d in self._of(session)) + 1) * CHUNK_BYTES <= self._room_for(session)

    def _room_for(self, session_id: str) -> int:
        return self._room() if session_id == self._session_id else self._rooms.get(session_id, 0)

    def _own(self) -> list[_Deposit]:
        return self._of(self._session_id)

    def _of(self, session_id: str) -> list[_Deposit]:
        return [d for d in self._deposits.values() if d.copy.session_id == session_id]

    def _open(self, copy: VoiceCopy) -> _Deposit | None:
        """None for a recording that isn't taken. Raises OSError."""
        folder = SessionFolder(self._sessions / copy.session_id)
        known = (folder.voice_parts / f"{copy.id}.json").is_file()
        own = copy.session_id == self._session_id
        if not (own or (known and self._measure(folder))) or not folder.manifest_path.is_file():
            sentence = f"The console has a recording of session {copy.session_id} that was not offered while that"
            self._once(copy.id, f"{sentence} ran here; bring it with woz import voice.")
            return None
        if not known and len(list(folder.voice_parts.glob("*.json"))) >= MOST_RECORDINGS:
            self._once(copy.session_id, f"The console offers too many recordings: {MOST_RECORDINGS} are taken.")
            return None
        self._deposits[copy.id] = deposit = _Deposit(folder, copy)
        return deposit

    def _measure(self, folder: SessionFolder) -> bool:
        """How much the recordings of an earlier session may have; False where its manifest can't be read."""
        try:
            duration_ns = folder.manifest().duration_ns
        except WozError:
            return False
        self._rooms[folder.path.name] = MAX_BYTES if duration_ns is None else room_of(duration_ns / 1e9)
        return True

    def _warn(self, deposit: _Deposit, sentence: str) -> None:
        if sentence not in deposit.told:
            deposit.told.add(sentence)
            self._say(deposit.copy, sentence)

    def _once(self, key: str, sentence: str) -> None:
        if key not in self._strangers and len(self._strangers) < 100:
            self._strangers.add(key)
            log.info("%s", sentence)
            self._tell(self._session_id, sentence)

    def _say(self, copy: VoiceCopy, sentence: str) -> None:
        log.info("%s", sentence)
        self._tell(copy.session_id, sentence)
