"""Ends what works beside a window that closes: it is waited for some seconds at most, then left behind."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable

from woz.base.supervision import Supervisor

log = logging.getLogger(__name__)

WITHIN_S = 5.0
"""For all that one window waits for."""
LEAST_S = 0.5
"""For each of those, also where others took all of the time."""
AT_ONCE_S = 0.2
"""What ends sooner isn't spoken of."""


class Ending:
    """Threads of one window are waited for, together; `say` hears which, in a sentence, where it takes a while.

    Only for daemon threads, which hold up no program either, and which keep nothing that isn't stored elsewhere.
    """

    def __init__(self, say: Callable[[str], object] = lambda text: None) -> None:
        self._say = say
        self._until_s = time.monotonic() + WITHIN_S

    def of(self, thread: threading.Thread | None, what: str) -> bool:
        """Whether it has ended, or never began; one that hangs is left behind, and may use what it has for ever."""
        if thread is None or thread.ident is None:
            return True
        thread.join(AT_ONCE_S)
        if thread.is_alive():
            self._say(f"Closing: waiting for {what}, {WITHIN_S:g} seconds at most; all you did is kept.")
            thread.join(max(LEAST_S, self._until_s - time.monotonic()))
        if thread.is_alive():
            log.warning("%s didn't end in time, and is left behind", what)
        return not thread.is_alive()


class Worker:
    """Does one piece of work after the other, on a daemon thread that begins with the first."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._supervisor = Supervisor()
        self._work: queue.SimpleQueue[Callable[[], object] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._ended = False

    def begin(self, work: Callable[[], object]) -> None:
        self._work.put(work)
        if self._thread is None:
            self._thread = self._supervisor.thread(self._name, self._run, daemon=True)
            self._thread.start()

    def give_up(self) -> None:
        """What hasn't begun is not begun any more."""
        self._ended = True
        self._work.put(None)

    def end(self, ending: Ending) -> bool:
        """Give up; whether what had begun is done."""
        self.give_up()
        return ending.of(self._thread, f"the {self._name}")

    def _run(self) -> None:
        while (work := self._work.get()) and not self._ended:
            with self._supervisor.turn(self._name):
                work()
