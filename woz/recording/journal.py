"""The journal of a live session: one event a line, on disk as soon as it happens."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from woz.errors import WozError
from woz.events import Event, EventKind

ROUTINE = frozenset({EventKind.CLOCK, EventKind.DELAY})
"""Events that come often and may wait for the next one to be forced to disk."""


class Journal:
    """Appends events; safe from any thread. Raises WozError where the file can't be made."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        try:
            self._file = path.open("a", encoding="utf-8")
        except OSError as error:
            raise WozError(f"The journal {path} can't be written ({error.strerror}).") from error

    def append(self, event: Event) -> None:
        """Raises OSError where the disk takes no more. What comes after the journal was closed is left out."""
        with self._lock:
            if self._file.closed:
                return
            self._file.write(event.to_json() + "\n")
            self._file.flush()
            if event.kind not in ROUTINE:
                os.fsync(self._file.fileno())

    def close(self) -> None:
        with self._lock:
            self._file.close()


def read_journal(path: Path) -> list[Event]:
    """All whole events of a journal, in the order of the file; a cut or damaged line is passed over."""
    if not path.exists():
        return []
    events = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            events.append(Event.from_json(line))
        except ValueError:
            continue
    return events
