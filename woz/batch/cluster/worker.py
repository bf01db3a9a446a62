"""What Dask calls in a worker: an item, unless the worker's time is too short for it."""

from __future__ import annotations

import contextlib
import os
import socket
import time

from woz.base.commands import quoted
from woz.base.errors import WozError
from woz.base.outside import read
from woz.batch.items import Item
from woz.batch.ledger import Ledger, here
from woz.batch.work import Outcome, What, execute

UNTIL = "WOZ_BATCH_UNTIL"
"""Until when (seconds of Unix time) this worker lives, where it is known."""
SPARE = 1.5
"""An item of usual length is begun where so many times its length is left."""
MOST_LIVES = 2
"""So many workers may come to the end of their time over an item: then it is longer than they live."""


_begun = 0
"""Items that this worker began. Its first one is tried whatever is left, so that long items come to an end."""


def attempt(run: str, token: str, line: bytes, usual_s: float) -> Outcome:
    """Hands the item back where the worker would be ended meanwhile, and lets the worker go."""
    global _begun
    if _begun and _left_s() < SPARE * usual_s:
        _retire()
        return Outcome(read(line, Item).id, What.LATER)
    _begun += 1
    until_s = _until_s()
    if until_s is None or _begun > 1:
        return execute(run, token, line)
    return _within(until_s, run, token, line)


def _within(until_s: float, run: str, token: str, line: bytes) -> Outcome:
    """What has a worker's whole life: Dask has an item tried again without end whose worker came to its own."""
    item, ledger = read(line, Item), Ledger(here(run))
    with contextlib.suppress(WozError):  # what is amiss with the disk is said where the item is worked on
        lives = ledger.lives(item)
        spent = sum(each <= time.time() for each in lives)
        if spent >= MOST_LIVES:
            return _too_long(ledger, item, spent)
        ledger.write_lives(item, (*lives, until_s))
    outcome = execute(run, token, line)
    ledger.forget_lives(item)
    return outcome


def _too_long(ledger: Ledger, item: Item, lives: int) -> Outcome:
    words = (
        f"{lives} workers came to the end of their time over it; give workers more (minutes, in the profile of"
        f" Slurm), then have it tried again with woz batch retry {quoted(ledger.path)}."
    )
    ledger.write_failed(item, words, (), socket.gethostname())
    ledger.forget_lives(item)
    return Outcome(item.id, What.FAILED, words)


def _until_s() -> float | None:
    until = os.environ.get(UNTIL, "")
    return float(until) if until else None


def _left_s() -> float:
    until_s = _until_s()
    return float("inf") if until_s is None else until_s - time.time()


def _retire() -> None:
    import distributed

    worker = distributed.get_worker()
    worker.loop.add_callback(worker.close_gracefully)
