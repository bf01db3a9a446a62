"""A device that is tried before a session: opened and closed on a thread of its own, since either may hang."""

from __future__ import annotations

import threading
from collections.abc import Callable

from woz.base.errors import WozError
from woz.base.supervision import Supervisor

Close = Callable[[], None]
CLOSE_WITHIN_S = 8.0
"""A device that hangs for longer is left behind."""


class Trial:
    """Holds open what was wished for last. All methods return at once but `release`."""

    def __init__(self, name: str, open_: Callable[[str], Close], tell: Callable[[str, str], None]) -> None:
        """`tell` gets, on the trial's thread, the spec and a fault's sentence; an empty one where it is open."""
        self._open = open_
        self._tell = tell
        self._changed = threading.Condition()
        self._wish = ""
        self._wishes = self._done = 0
        self._ended = False
        self._name = name
        self._supervisor = Supervisor()
        self._thread = self._supervisor.thread(f"trial of the {name}", self._run, daemon=True)
        self._thread.start()

    def want(self, spec: str) -> None:
        """Close what is open, and open this; nothing where it is empty. Of many wishes the last one counts."""
        with self._changed:
            self._wish = spec
            self._wishes += 1
            self._changed.notify_all()

    def release(self) -> bool:
        """Returns when nothing is open any more, with True, or, where a device hangs, some seconds later."""
        self.want("")
        with self._changed:
            return self._changed.wait_for(lambda: self._done == self._wishes, CLOSE_WITHIN_S)

    def end(self) -> None:
        """As `release`, for good."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()
        self._thread.join(CLOSE_WITHIN_S)

    def _run(self) -> None:
        close: Close | None = None
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._ended or self._done != self._wishes)
                spec, wishes, ended = self._wish, self._wishes, self._ended
            if close:
                with self._supervisor.turn(f"closing of the {self._name}"):
                    close()
            if ended:
                return
            close = self._opened(spec) if spec else None
            with self._changed:
                self._done = wishes
                self._changed.notify_all()

    def _opened(self, spec: str) -> Close | None:
        try:
            close = self._open(spec)
        except WozError as fault:
            self._tell(spec, str(fault))
        except Exception as error:
            self._tell(spec, str(self._supervisor.failed(f"opening of the {self._name}", error)))
        else:
            self._tell(spec, "")
            return close
        return None
