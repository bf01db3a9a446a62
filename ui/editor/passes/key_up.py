"""Tells a key that was let go from one that only repeats.

An X server may tell each repeat as a release and a press of the same time. Qt takes both as one where it has read
both; on a busy machine it sometimes hasn't, and the release looks like a true one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent

GRACE_MS = 40
"""So long the other half of a repeat may take."""
SAME_MS = 1


@dataclass(slots=True)
class _Release:
    stamp_ms: int
    timer: QTimer
    let_go: Callable[[], None]


class KeyUp(QObject):
    def __init__(self, parent: QObject, waits: bool | None = None) -> None:
        """Anywhere but on X a release is one at once, unless it `waits` all the same."""
        super().__init__(parent)
        self._waits = QGuiApplication.platformName() == "xcb" if waits is None else waits
        self._releases: dict[int, _Release] = {}

    def released(self, event: QKeyEvent, let_go: Callable[[], None]) -> None:
        """Has `let_go` called, unless a press shows that the key only repeats."""
        if not self._waits or not event.timestamp():
            let_go()
            return
        place = place_of(event)
        timer = QTimer(self, singleShot=True, interval=GRACE_MS)
        timer.timeout.connect(lambda: QTimer.singleShot(0, self, lambda: self._over(place, timer)))
        self._releases[place] = _Release(event.timestamp(), timer, let_go)
        timer.start()

    def repeats(self, event: QKeyEvent) -> bool:
        """Whether a press is the other half of a release that was told; that is none then."""
        found = self._releases.get(place_of(event))
        if found is None or abs(event.timestamp() - found.stamp_ms) > SAME_MS:
            self._over(place_of(event))
            return False
        found.timer.stop()
        del self._releases[place_of(event)]
        return True

    def settle(self) -> None:
        """What was released is let go now."""
        for place in tuple(self._releases):
            self._over(place)

    def _over(self, place: int, timer: QTimer | None = None) -> None:
        found = self._releases.get(place)
        if found is not None and timer in (None, found.timer):
            found.timer.stop()
            del self._releases[place]
            found.let_go()


def place_of(event: QKeyEvent) -> int:
    """Which key it is, whatever sign it types by now."""
    return event.nativeScanCode() or event.key()
