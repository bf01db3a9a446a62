"""SHA-256 of files, each read once: what is known of a file holds while its size and time are the same."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import msgspec

from woz.base.clock import SystemClock
from woz.base.errors import WozError, reason_of
from woz.base.interval import NS_PER_S
from woz.base.outside import Unsound, read_file
from woz.base.throttle import Throttle
from woz.recording.folder.session_folder import sha256_of

KEPT_EVERY_NS = 30 * NS_PER_S
"""Of hours of reading, no more is lost where it is killed."""


class Known(NamedTuple):
    """Bytes, time of the last change (ns), SHA-256 as hexadecimal digits."""

    size: int
    mtime_ns: int
    sha256: str


class KnownHashes:
    """Kept in a file; losing it costs time only."""

    def __init__(self, path: Path, tell: Callable[[int], object] = lambda _: None) -> None:
        """`tell` is told after each file that had to be read how many bytes that is so far."""
        self._path, self._tell = path, tell
        self._bytes, self._keeping = 0, Throttle(SystemClock(), KEPT_EVERY_NS, later=True)
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
            self._bytes += known.size
            self._tell(self._bytes)
            if self._keeping.due():
                self.keep()
        return known

    def keep(self) -> None:
        if not self._changed:
            return
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            temporary = self._path.with_suffix(".tmp")
            temporary.write_bytes(msgspec.json.encode(self._known))
            temporary.replace(self._path)
            self._changed = False
