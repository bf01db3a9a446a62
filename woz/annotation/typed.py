"""Text that is being typed and isn't kept yet, in a file beside the store: a killed program loses none of it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path

import msgspec

log = logging.getLogger(__name__)
Typed = Mapping[str, str]
"""By "turn ID" or "note ID"."""


class TypedFile:
    """Written anew each time, whole. Where it can't be written, typing goes on as ever."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> dict[str, str]:
        """What was typed when it was last written; nothing where the file isn't there, or is no such file."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, str])
        except (OSError, msgspec.DecodeError):
            return {}

    def write(self, typed: Typed) -> None:
        try:
            if not typed:
                self._path.unlink(missing_ok=True)
                return
            self._path.parent.mkdir(parents=True, exist_ok=True)
            new = self._path.with_suffix(".new")
            new.write_bytes(msgspec.json.encode(dict(typed)))
            new.replace(self._path)
        except OSError as error:
            log.info("typed text can't be kept in %s (%s)", self._path, error)
