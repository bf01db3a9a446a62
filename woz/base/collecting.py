"""Making many objects that stay."""

from __future__ import annotations

import contextlib
import gc
import threading
from collections.abc import Iterator


class _Making:
    """How many threads make many objects at this moment, and whether the collector was stopped for them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stopped = False
        self.count = 0

    def begin(self) -> None:
        with self._lock:
            self.count += 1
            if gc.isenabled():
                gc.disable()
                self._stopped = True

    def end(self) -> None:
        with self._lock:
            self.count -= 1
            if self._stopped and not self.count:
                gc.enable()
                self._stopped = False


_MAKING = _Making()


@contextlib.contextmanager
def without_collecting() -> Iterator[None]:
    """Python's collector looks at all there is again and again while many are made: half the time that it takes."""
    _MAKING.begin()
    try:
        yield
    finally:
        _MAKING.end()


def collecting_waits() -> bool:
    """Whether some thread is within `without_collecting`."""
    return _MAKING.count > 0
