"""The files of a session on this computer, and what was last agreed on with the store."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from woz.base.errors import WozError, reason_of
from woz.base.outside import Unsound, read_file
from woz.recording.folder.known_hashes import KnownHashes
from woz.recording.folder.lock import is_held
from woz.recording.folder.session_folder import SessionFolder
from woz.store.listing import Listing, Stored

PARTS = "expert.parts"
STORE, HASHES = "store", "hashes.json"
UNFINISHED = (".part", ".tmp")


class LocalSessions:
    """Below a project's folder of sessions; what is known of them stands in the project's folder `cache/store`."""

    def __init__(self, sessions: Path, cache: Path) -> None:
        self.sessions = sessions
        self._cache = cache / STORE
        self.hashes = KnownHashes(self._cache / HASHES)

    def folder(self, session: str) -> Path:
        return self.sessions / session

    def files(self, session: str) -> dict[str, Stored]:
        """Raises WozError for a session that is being recorded, and for files that can't be read."""
        folder = self.folder(session)
        if is_held(SessionFolder(folder).lock):
            raise WozError(f"{session} is being recorded; end it first.")
        try:
            known = {path: self.hashes.of(path) for path in _lasting(folder)}
        finally:
            self.hashes.keep()
        return {path.relative_to(folder).as_posix(): Stored(one.size, one.sha256) for path, one in known.items()}

    def size(self, session: str) -> int:
        """Bytes of what `files` tells of."""
        return sum(path.stat().st_size for path in _lasting(self.folder(session)))

    def agreed(self, session: str) -> Listing:
        """What the store had when this computer last sent or fetched."""
        try:
            return read_file(self._agreed(session), Listing)
        except (OSError, Unsound):
            return Listing(session)

    def agree(self, listing: Listing) -> None:
        path = self._agreed(listing.session)
        part = path.with_suffix(".part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(msgspec.json.encode(listing))
            part.replace(path)
        except OSError as error:
            raise WozError(f"{path} can't be written ({reason_of(error)}); make room and try again.") from error

    def forget(self, session: str) -> None:
        self._agreed(session).unlink(missing_ok=True)

    def used_s(self, session: str) -> float:
        """When it was last fetched or sent, or something of it written; seconds of Unix time."""
        folder = self.folder(session)
        paths = (self._agreed(session), folder, *(path for path in folder.glob("*") if path.is_dir()))
        return max((path.stat().st_mtime for path in paths if path.exists()), default=0.0)

    def touch(self, session: str) -> None:
        if self._agreed(session).exists():
            os.utime(self._agreed(session))

    def _agreed(self, session: str) -> Path:
        return self._cache / f"{session}.json"


def forget_agreed(cache: Path) -> None:
    """All that was agreed on, below a project's folder `cache`. Raises WozError where a file can't be deleted."""
    folder = cache / STORE
    try:
        for path in folder.glob("*.json"):
            if path.name != HASHES:
                path.unlink(missing_ok=True)
    except OSError as error:
        raise WozError(f"{folder} can't be written ({reason_of(error)}); see who may write it.") from error


def _lasting(folder: Path) -> Iterator[Path]:
    """Without what is hidden, half written or elsewhere."""
    for path in sorted(folder.rglob("*")):
        names = path.relative_to(folder).parts
        hidden = any(name.startswith(".") for name in names) or names[0] == PARTS
        if not hidden and path.suffix not in UNFINISHED and path.is_file() and not path.is_symlink():
            yield path
