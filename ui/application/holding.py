"""What Qt sends from a thread is let go of on the window's: a sender that dies on another can end the program.

Seen with PySide6 6.11.3: an object whose signal is connected, freed on a thread as its last user, ends the program
by a segmentation fault within seconds of a loop that does it again and again.
"""

from __future__ import annotations

import threading

from PySide6.QtCore import QCoreApplication, QObject, QTimer

LOOK_MS = 500


class _Held:
    """Used on the window's thread alone."""

    def __init__(self) -> None:
        self._held: list[tuple[threading.Thread, tuple[QObject, ...]]] = []
        self._looks = False

    def add(self, thread: threading.Thread, senders: tuple[QObject, ...]) -> None:
        self._held = [each for each in self._held if each[0].is_alive()]
        self._held.append((thread, senders))
        self._look_later()

    def _look_later(self) -> None:
        if not self._looks and QCoreApplication.instance():
            self._looks = True
            QTimer.singleShot(LOOK_MS, self._look)

    def _look(self) -> None:
        self._looks = False
        self._held = [each for each in self._held if each[0].is_alive()]
        if self._held:
            self._look_later()


_HELD = _Held()


def start_with(thread: threading.Thread, *senders: QObject) -> threading.Thread:
    """Start it; those whose signals it sends are held until it has ended. To be called on the window's thread."""
    thread.start()
    _HELD.add(thread, senders)
    return thread
