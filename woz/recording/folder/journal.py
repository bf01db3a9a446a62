"""The journal of a live session: one event a line, in the file as soon as it happens."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

from woz.base.errors import WozError
from woz.base.outside import lines_of
from woz.model.events import Event


class Journal:
    """Appends events; safe from any thread. A killed process loses none, a power cut what came since `sync`."""

    def __init__(self, path: Path) -> None:
        """Raises WozError where the file can't be made."""
        self._lock = threading.Lock()
        try:
            whole = not path.exists() or path.read_bytes()[-1:] in (b"", b"\n")
            self._file = path.open("ab", buffering=0)
        except OSError as error:
            raise WozError(f"The journal {path} can't be written ({error.strerror}).") from error
        self._before = "" if whole else "\n"

    def append(self, event: Event) -> bool:
        """False where the journal is closed already. Raises OSError where the disk takes no more. What is no text,
        as bytes of a file's name can be, becomes a question mark.
        """
        with self._lock:
            if self._file.closed:
                return False
            line = (self._before + event.to_json() + "\n").encode(errors="replace")
            written = self._file.write(line) or 0
            self._before = "" if written == len(line) else "\n"
            if self._before:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return True

    def sync(self) -> None:
        """Force to disk what was appended. Raises OSError where that fails."""
        with self._lock:
            if not self._file.closed:
                os.fsync(self._file.fileno())

    def close(self) -> None:
        with self._lock:
            self._file.close()


def read_journal(path: Path) -> list[Event]:
    """All whole events of a journal, in the order of the file; a cut or damaged line is passed over."""
    if not path.exists():
        return []
    events = []
    for line in lines_of(path):
        try:
            events.append(Event.from_json(line))
        except ValueError:
            continue
    return events


def append_late(path: Path, event: Event) -> None:
    """Add an event to the journal of a closed session. Raises WozError, OSError where it can't be written."""
    journal = Journal(path)
    try:
        journal.append(event)
        journal.sync()
    finally:
        journal.close()
