"""Who works on a run: one process at a time; the system lets go of the run however that one ends."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass, replace

from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.base.outside import Unsound, read_file
from woz.base.throttle import Throttle
from woz.batch.ledger import Ledger
from woz.recording.folder.lock import RecordingLock, is_held

EVERY_NS = 10 * NS_PER_S
"""So often it is written how long a run still takes."""


@dataclass(frozen=True, slots=True)
class Claim:
    """`dashboard` is the address of Dask's own page, where there is one; `ends_utc_ns` is when the run is done, as
    far as could be told at its last items.
    """

    what: str
    host: str
    pid: int
    since_utc_ns: int
    dashboard: str = ""
    ends_utc_ns: int | None = None

    def left_s(self, now_utc_ns: int) -> float | None:
        """How long the run still takes; None where that isn't known yet, or no longer, since it takes longer."""
        if self.ends_utc_ns is None or self.ends_utc_ns <= now_utc_ns:
            return None
        return (self.ends_utc_ns - now_utc_ns) / NS_PER_S


class Held:
    """For who asks how far the run is."""

    def __init__(self, ledger: Ledger, clock: Clock, what: str) -> None:
        self._ledger, self._clock, self._told = ledger, clock, Throttle(clock, EVERY_NS)
        self._claim = Claim(what, socket.gethostname(), os.getpid(), clock.utc_ns())
        ledger.write_claim(self._claim)

    def say(self, what: str, dashboard: str = "") -> None:
        self._claim = replace(self._claim, what=what, dashboard=dashboard)
        self._ledger.write_claim(self._claim)

    def say_left(self, left_s: float | None) -> None:
        """Not each time; a disk that is away is no reason to end the run."""
        if self._told.due():
            ends = None if left_s is None else self._clock.utc_ns() + round(left_s * NS_PER_S)
            self._claim = replace(self._claim, ends_utc_ns=ends)
            with contextlib.suppress(WozError):
                self._ledger.write_claim(self._claim)


@contextlib.contextmanager
def claimed(ledger: Ledger, what: str, clock: Clock) -> Iterator[Held]:
    """Raises WozError where another process works on it."""
    lock = RecordingLock(ledger.lock_path)
    if not lock.take():
        raise WozError(f"{_words(_claim(ledger))} is at the run {ledger.path.name}; wait until it has ended.")
    try:
        yield Held(ledger, clock, what)
    finally:
        with contextlib.suppress(OSError):
            ledger.claim_path.unlink(missing_ok=True)
        lock.release()


def holder(ledger: Ledger) -> Claim | None:
    """Who works on a run; None where nobody does, also where somebody was killed."""
    return _claim(ledger) if is_held(ledger.lock_path) else None


def _claim(ledger: Ledger) -> Claim | None:
    try:
        return read_file(ledger.claim_path, Claim)
    except (OSError, Unsound):
        return None


def _words(claim: Claim | None) -> str:
    return f"Process {claim.pid} on {claim.host} ({claim.what})" if claim else "Another process"
