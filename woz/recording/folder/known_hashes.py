"""SHA-256 of files, each read once: what is known of a file holds while its size and time are the same."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import NamedTuple

import msgspec

from woz.base.errors import WozError, reason_of
from woz.base.outside import Unsound, read_file
from woz.recording.folder.session_folder import sha256_of


class Known(NamedTuple):
    """Bytes, time of the last change (ns), SHA-256 as hexadecimal digits."""

    size: int
    mtime_ns: int
    sha256: str


class KnownHashes:
    """Kept in a file; losing it costs time only."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, Known] = {}
        self._changed = False
        with contextlib.suppress(OSError, Unsound):
            self._known = read_file(path, dict[str, Known])

    def of(self, path: Path) -> Known:
        """Raises WozError where it can't be read."""
        try:
            stat = path.stat()
        except OSError as error:
            raise WozError(f"{path} can't be read ({reason_of(error)}).") from error
        known = self._known.get(str(path))
        if known is None or (known.size, known.mtime_ns) != (stat.st_size, stat.st_mtime_ns):
            known = Known(stat.st_size, stat.st_mtime_ns, sha256_of(path))
            self._known[str(path)], self._changed = known, True
        return known

    def keep(self) -> None:
        if not self._changed:
            return
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            temporary = self._path.with_suffix(".tmp")
            temporary.write_bytes(msgspec.json.encode(self._known))
            temporary.replace(self._path)
