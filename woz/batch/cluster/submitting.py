"""Hands a run's items to Dask's workers, few at a time, and tells what becomes of each."""

from __future__ import annotations

import queue
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from statistics import median
from typing import Any

import msgspec

from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.base.outside import Unsound
from woz.batch.cluster.local import GPU
from woz.batch.cluster.places import Workers
from woz.batch.cluster.worker import attempt
from woz.batch.items import Item
from woz.batch.ledger import Ledger
from woz.batch.work import Outcome, What
from woz.model.ids import new_id

AHEAD = 2
"""Items that each worker has, the one it works on among them: the memory doesn't grow with the plan."""
TICK_S = 0.5
ANSWER_S = 120.0
PATIENCE_NS = 60 * NS_PER_S
"""So long no worker may be there before it is said."""
USUAL_OF = 99
"""The last items by whose seconds it is known how long one takes."""
AWAY = "The scheduler went away; what was done is kept: run it again."


class Patience:
    """Tells once where no worker is there for long."""

    def __init__(self, clock: Clock, tell: Callable[[str], object]) -> None:
        self._clock, self._tell = clock, tell
        self._until_ns = clock.now_ns() + PATIENCE_NS

    def seen(self, workers: bool) -> None:
        now_ns = self._clock.now_ns()
        if workers:
            self._until_ns = now_ns + PATIENCE_NS
        elif now_ns > self._until_ns:
            self._tell("no worker is there; it goes on when one comes, and stops with Ctrl+C")
            self._until_ns = now_ns + 10 * PATIENCE_NS


@dataclass(slots=True)
class Sliding:
    """Some items at the workers; as one comes back the next one goes."""

    workers: Workers
    ledger: Ledger
    clock: Clock
    wants_gpu: bool
    left: Callable[[], int]
    """How many items are left, those at the workers among them."""
    tell: Callable[[str], object]
    _patience: Patience = field(init=False)
    _resources: dict[str, float] = field(default_factory=dict)
    _seconds: deque[float] = field(default_factory=lambda: deque(maxlen=USUAL_OF))

    def __post_init__(self) -> None:
        self._patience = Patience(self.clock, self.tell)

    def run(self, items: Iterator[Item]) -> Iterator[Outcome]:
        """What becomes of each item, as it is known; closing it gives up what is not begun.

        Raises WozError where the scheduler went away.
        """
        returned: queue.SimpleQueue[Any] = queue.SimpleQueue()
        away: dict[Any, Item] = {}
        token, waiting = self.ledger.about().token, list(islice(items, 1))
        try:
            while waiting or away:
                room = max(0, AHEAD * max(1, self._workers()) - len(away))
                for item in waiting[:room]:
                    future = self._submitted(item, token)
                    away[future] = item
                    future.add_done_callback(returned.put)
                del waiting[:room]
                for future in _returned(returned):
                    item = away.pop(future)
                    if outcome := self._outcome(future, item):
                        yield outcome
                    else:
                        waiting.append(item)
                if not waiting:
                    waiting.extend(islice(items, max(1, AHEAD * self._workers() - len(away))))
        finally:
            self._cancel(away)

    def _workers(self) -> int:
        """Threads of the workers that are there now."""
        client = self.workers.client
        if client.status not in ("running", "connecting"):
            raise WozError(AWAY)
        workers = client.scheduler_info(n_workers=-1)["workers"].values()
        self._patience.seen(bool(workers))
        self.workers.keep(len(workers), self.left())
        if self.wants_gpu and any(GPU in one.get("resources", {}) for one in workers):
            self._resources = {GPU: 1.0}
        return sum(one["nthreads"] for one in workers)

    def _submitted(self, item: Item, token: str) -> Any:
        line = msgspec.json.encode(item)
        return self.workers.client.submit(
            attempt,
            str(self.ledger.path.resolve()),
            token,
            line,
            median(self._seconds) if self._seconds else 0.0,
            key=f"{item.id}-{new_id()[:8]}",
            resources=self._resources or None,
            pure=False,
        )

    def _outcome(self, future: Any, item: Item) -> Outcome | None:
        """By the ledger where it knows it, else by the answer; None where that was lost with its worker.

        Dask calls a future lost whose worker died with the answer, and computes it anew; it cancels all of them
        where the scheduler went away. Raises WozError there.
        """
        if future.status == "cancelled":
            raise WozError(AWAY)
        if done := self.ledger.done(item):
            self._seconds.append(done.seconds)
            return Outcome(item.id, What.DONE, done.words, done.seconds)
        return self._answered(future, item)

    def _answered(self, future: Any, item: Item) -> Outcome | None:
        from distributed import KilledWorker

        try:
            outcome: Outcome = future.result(timeout=ANSWER_S)
        except KilledWorker:
            return self._killed(item)
        except (ImportError, AttributeError, TypeError, Unsound) as error:
            words = f"A worker has no woz, or another one than this ({error}); install the same there."
            return Outcome(item.id, What.STOP, words)
        except (OSError, TimeoutError):
            return None
        return None if outcome.what == What.LATER else outcome

    def _killed(self, item: Item) -> Outcome:
        words = (
            "Each worker that took it died: it may need more memory than there is, or its file breaks the decoder."
        )
        self.ledger.write_failed(item, words, (), "")
        return Outcome(item.id, What.FAILED, words)

    def _cancel(self, away: dict[Any, Item]) -> None:
        if away and self.workers.client.status == "running":
            self.workers.client.cancel(list(away), force=True)
        away.clear()


def _returned(returned: queue.SimpleQueue[Any]) -> Iterator[Any]:
    """What came back; it waits a moment for the first one."""
    try:
        yield returned.get(timeout=TICK_S)
        while True:
            yield returned.get_nowait()
    except queue.Empty:
        return
