"""What the expert did, kept on the console's disk until the station has it, and after."""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from woz.base.outside import Count, lines_of, read
from woz.model.events import Event
from woz.model.ids import new_id


@dataclass(frozen=True, slots=True)
class _Name:
    outbox: str


@dataclass(frozen=True, slots=True)
class _Number:
    number: Count


class Outbox:
    """Events numbered from 1, each in the file before it is sent. An outbox opened again goes on where it ended.

    The file's first line is {"outbox": ID}; each other line is an event with its number. Safe from any thread.
    """

    def __init__(self, path: Path) -> None:
        """Raises OSError where the file exists and can't be read; a new one is made with the first event."""
        self.path = path
        self.id = new_id()
        self._lock = threading.Lock()
        self._pending: dict[int, Event] = {}
        self._last = 0
        self._named = False
        """Whether the file is known to say whose it is."""
        if path.exists():
            self._load(lines_of(path))

    @property
    def pending(self) -> list[tuple[int, Event]]:
        """What the station hasn't acknowledged, in order."""
        with self._lock:
            return sorted(self._pending.items())

    def put(self, event: Event) -> int:
        """Write the event down; returns its number. Raises OSError where the disk takes no more."""
        with self._lock:
            number = self._last + 1
            self._append({"number": number, **event.plain()})
            self._last = number
            self._pending[number] = event
            return number

    def acknowledged(self, number: int) -> None:
        """The station has all events up to this number."""
        with self._lock:
            for known in [n for n in self._pending if n <= number]:
                del self._pending[known]

    def _append(self, line: dict[str, object]) -> None:
        """After a line that a full disk, or a crash, cut off, it begins one of its own."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        head: list[dict[str, object]] = [] if self._named else [{"outbox": self.id}]
        with self.path.open("ab+") as file:
            if file.seek(0, os.SEEK_END):
                file.seek(-1, os.SEEK_END)
                file.write(b"" if file.read(1) == b"\n" else b"\n")
            file.write("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in [*head, line]).encode())
        self._named = True

    def _load(self, lines: Iterator[bytes]) -> None:
        for line in lines:
            with contextlib.suppress(ValueError):
                number = read(line, _Number).number
                self._pending[number] = read(line, Event)
                self._last = max(self._last, number)
                continue
            with contextlib.suppress(ValueError):
                self.id = read(line, _Name).outbox
                self._named = True
