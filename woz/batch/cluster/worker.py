"""What Dask calls in a worker: an item, unless the worker's time is too short for it."""

from __future__ import annotations

import os
import time

from woz.base.outside import read
from woz.batch.items import Item
from woz.batch.work import Outcome, What, execute

UNTIL = "WOZ_BATCH_UNTIL"
"""Until when (seconds of Unix time) this worker lives, where it is known."""
SPARE = 1.5
"""An item of usual length is begun where so many times its length is left."""


_begun = 0
"""Items that this worker began. Its first one is tried whatever is left, so that long items come to an end."""


def attempt(run: str, token: str, line: bytes, usual_s: float) -> Outcome:
    """Hands the item back where the worker would be ended meanwhile, and lets the worker go."""
    global _begun
    if _begun and _left_s() < SPARE * usual_s:
        _retire()
        return Outcome(read(line, Item).id, What.LATER)
    _begun += 1
    return execute(run, token, line)


def _left_s() -> float:
    until = os.environ.get(UNTIL, "")
    return float(until) - time.time() if until else float("inf")


def _retire() -> None:
    import distributed

    worker = distributed.get_worker()
    worker.loop.add_callback(worker.close_gracefully)
