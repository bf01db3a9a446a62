"""Tells what is committed to a project, by whomever, from a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable

from storage.backends.faults import told
from storage.backends.port import Backend, Change
from woz.base.supervision import Supervisor

AGAIN_S = 2.0
"""After a lost connection, how long until the next try."""
LOOK_S = 0.5
"""How long the thread may need to notice that it shall end."""
_NAME = "following of what others change"


class Following:
    """Calls `tell` in its own thread for each change, this program's own too, until it is closed.

    The first call, and the first after a lost connection, is `Change()`: anything may have changed before, read it
    again. A fault of the connection or of `tell` is told to the supervisor, and it goes on.
    """

    def __init__(
        self, backend: Backend, tell: Callable[[Change], None], supervisor: Supervisor | None = None
    ) -> None:
        self._backend = backend
        self._supervisor = supervisor or Supervisor()
        self._tell = self._supervisor.guarded(_NAME, tell)
        self._ended = threading.Event()
        self._thread = self._supervisor.thread(_NAME, self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.is_set():
            with self._supervisor.turn(_NAME), told(self._backend):
                self._hear()
            self._ended.wait(AGAIN_S)

    def _hear(self) -> None:
        watch = self._backend.watch()
        try:
            self._tell(Change())
            while not self._ended.is_set():
                for change in watch.changes(LOOK_S):
                    self._tell(change)
        finally:
            watch.close()
