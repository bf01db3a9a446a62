"""Python's search for cyclic garbage, on the window's thread alone.

By itself it runs on whichever thread makes one object too many, and frees there what it finds: an object of Qt in a
cycle then dies on a thread that isn't its own, and the program ends by a segmentation fault, then or later. Seen
with PySide6 6.11.3 on Python 3.11, within seconds of a loop that leaves small windows behind while a thread makes
lists.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QCoreApplication, QTimer

from woz.base.collecting import collecting_waits

LOOK_MS = 500
GROWN = 4
"""All is looked at once as many objects are new as a quarter of those that stayed: Python's own rule."""


class _Collector:
    """Counts what was made since each generation was looked at, as Python does itself."""

    def __init__(self) -> None:
        self._since_second = self._since_third = 0
        self._stayed = 0
        self._timer: QTimer | None = None

    def begin(self, app: QCoreApplication) -> None:
        if self._timer is None:
            self._timer = QTimer(app)
            self._timer.timeout.connect(self.collect)
            self._timer.start(LOOK_MS)
            self.collect()

    def collect(self) -> None:
        if self._timer is None or collecting_waits():
            return
        gc.disable()
        made, (first, second, third) = gc.get_count()[0], gc.get_threshold()
        if made <= first:
            return
        self._since_second += made
        self._since_third += made
        if self._since_third > max(first * second * third, self._stayed / GROWN):
            gc.collect()
            self._since_second = self._since_third = 0
            self._stayed = _tracked()
        elif self._since_second > first * second:
            gc.collect(1)
            self._since_second = 0
        else:
            gc.collect(0)


def _tracked() -> int:
    """How many objects the collector knows of, counted without a list of them.

    `gc.get_objects` holds the half-made tuples of other threads, whose making then ends by a SystemError.
    """
    gc.freeze()
    count = gc.get_freeze_count()
    gc.unfreeze()
    return count


_COLLECTOR = _Collector()


def collect_here(app: QCoreApplication) -> None:
    """From now on garbage is looked for on this thread alone, as long as the application's events are. Once."""
    _COLLECTOR.begin(app)


def collect_due() -> None:
    """Look for it now, where much has been made. To be called on the window's thread."""
    _COLLECTOR.collect()
