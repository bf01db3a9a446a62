"""Where somebody left a session: the time, the tier, and the part in view; it opens there again."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QTimer

from ui.editor.marking import Marking
from ui.editor.player import Player
from ui.editor.timeline import Timeline

log = logging.getLogger(__name__)
EVERY_MS = 5_000
"""So often it is kept, for a program that is killed."""


@dataclass(frozen=True, slots=True)
class Left:
    """Times in session time (ns)."""

    at_ns: int
    tier: str
    start_ns: int
    end_ns: int


class LeftAt(QObject):
    """Kept in a file on this computer, of one session and annotator; without a path nowhere."""

    def __init__(self, path: Path | None, player: Player, line: Timeline, marking: Marking) -> None:
        super().__init__(line)
        self._path, self._player, self._line, self._marking = path, player, line, marking
        self._kept: Left | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.keep)

    def restore(self) -> None:
        """From the start where nobody was here yet, or the file is no such file."""
        left = self._read()
        self._player.seek(left.at_ns) if left else self._player.show_frame(0)
        if left:
            tier = next((each.id for each in self._marking.tiers if each.id == left.tier), None)
            self._marking.choose(tier, None)
            self._line.show_span(left.start_ns, left.end_ns)
        self._timer.start()

    def keep(self) -> None:
        """Where it can't be written, work goes on as ever."""
        tier, span = self._marking.tier, self._line.span
        now = Left(self._player.position_ns, tier.id if tier else "", span.start_ns, span.end_ns)
        if self._path is None or now == self._kept:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            new = self._path.with_suffix(".new")
            new.write_bytes(msgspec.json.encode(now))
            new.replace(self._path)
            self._kept = now
        except OSError as error:
            log.info("the place in the session can't be kept in %s (%s)", self._path, error)

    def close(self) -> None:
        """Before the player closes."""
        self._timer.stop()
        self.keep()

    def _read(self) -> Left | None:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Left) if self._path else None
        except (OSError, msgspec.DecodeError):
            return None
