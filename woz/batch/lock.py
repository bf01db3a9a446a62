"""Who works on a run: one process at a time; the system lets go of the run however that one ends."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass

from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.base.outside import Unsound, read_file
from woz.batch.ledger import Ledger
from woz.recording.folder.lock import RecordingLock, is_held


@dataclass(frozen=True, slots=True)
class Claim:
    """`dashboard` is the address of Dask's own page, where there is one."""

    what: str
    host: str
    pid: int
    since_utc_ns: int
    dashboard: str = ""


class Held:
    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger, self._since = ledger, clock.utc_ns()

    def say(self, what: str, dashboard: str = "") -> None:
        """For who asks how far the run is."""
        self._ledger.write_claim(Claim(what, socket.gethostname(), os.getpid(), self._since, dashboard))


@contextlib.contextmanager
def claimed(ledger: Ledger, what: str, clock: Clock) -> Iterator[Held]:
    """Raises WozError where another process works on it."""
    lock = RecordingLock(ledger.lock_path)
    if not lock.take():
        raise WozError(f"{_words(_claim(ledger))} is at the run {ledger.path.name}; wait until it has ended.")
    try:
        held = Held(ledger, clock)
        held.say(what)
        yield held
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
