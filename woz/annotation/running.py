"""What is being marked and isn't ended yet, kept in a file beside the store: a killed program loses none of it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from woz.base.outside import Whole
from woz.model.annotation import Annotation

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Running:
    """A segment that was begun, and how far it has come (ns)."""

    begun: Annotation
    end_ns: Whole


class RunningFile:
    """Written anew each time, whole. Where it can't be written, annotating goes on as ever."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kept: tuple[Running, ...] = ()

    def keep(self, running: Sequence[Running]) -> None:
        """What runs now; nothing takes the file away."""
        if tuple(running) == self._kept:
            return
        self._kept = tuple(running)
        try:
            self._write()
        except OSError as error:
            log.info("what runs can't be kept in %s (%s)", self._path, error)

    def read(self) -> tuple[Running, ...]:
        """What ran when it was last written; nothing where the file isn't there, or is no such file."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=tuple[Running, ...])
        except (OSError, msgspec.DecodeError):
            return ()

    def _write(self) -> None:
        if not self._kept:
            self._path.unlink(missing_ok=True)
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        new = self._path.with_suffix(".new")
        new.write_bytes(msgspec.json.encode(self._kept))
        new.replace(self._path)
