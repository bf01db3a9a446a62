"""What found no room and was left out, counted for whoever has the time to write it down."""

from __future__ import annotations

import threading
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Loss:
    """So many items of a kind, of session times from the first to the last."""

    what: str
    items: int
    at_ns: int
    until_ns: int


class Losses:
    """From any thread; nobody waits for the disk here."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lost: dict[str, Loss] = {}

    def add(self, what: str, at_ns: int, items: int = 1) -> None:
        with self._lock:
            known = self._lost.get(what)
            self._lost[what] = (
                Loss(what, known.items + items, known.at_ns, at_ns) if known else Loss(what, items, at_ns, at_ns)
            )

    def take(self) -> list[Loss]:
        """All since the last call."""
        with self._lock:
            lost, self._lost = list(self._lost.values()), {}
        return lost
