"""Which changes by others an annotator has looked at: kept in a file on this computer."""

from __future__ import annotations

import logging
from pathlib import Path

import msgspec

log = logging.getLogger(__name__)


class FeedbackSeen:
    """Keys of `Feedback`, of one session and annotator; without a path they are kept as long as the window is."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._keys = self._read()

    def __contains__(self, key: str) -> bool:
        return key in self._keys

    def add(self, key: str) -> None:
        """Where it can't be written, it is told again at the next opening."""
        self._keys.add(key)
        if self._path is None:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            new = self._path.with_suffix(".new")
            new.write_bytes(msgspec.json.encode(sorted(self._keys)))
            new.replace(self._path)
        except OSError as error:
            log.info("what was looked at can't be kept in %s (%s)", self._path, error)

    def _read(self) -> set[str]:
        try:
            return set(msgspec.json.decode(self._path.read_bytes(), type=list[str])) if self._path else set()
        except (OSError, msgspec.DecodeError):
            return set()
