"""Runs what waits in a plan, and goes on where an earlier run was killed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.batch.bringing import clear_fetched
from woz.batch.cluster.dask import dashboard_of
from woz.batch.cluster.places import Where, workers_at
from woz.batch.cluster.submitting import Sliding
from woz.batch.items import Item
from woz.batch.ledger import Ledger
from woz.batch.lock import Held, claimed
from woz.batch.pace import Pace
from woz.batch.registry import uses_gpu
from woz.batch.status import failed_of, status_of
from woz.batch.work import Outcome, What

if TYPE_CHECKING:
    from woz.batch.cluster.dask import Client

Tell = Callable[[str], object]
Progress = Callable[[int, str], object]
"""Is told the part that is done, in percent, and words."""


@dataclass(slots=True)
class Ran:
    """Of this time; `before` were done already, or failed and nobody asked for another try."""

    done: int = 0
    failed: int = 0
    before: int = 0


def run(
    ledger: Ledger, where: Where, clock: Clock, tell: Tell, progress: Progress = lambda percent, what: None
) -> Ran:
    """Raises WozError where somebody works on it, no workers can be had, or going on would do no good."""
    ran, about = Ran(), ledger.about()
    wants_gpu = where.gpu or uses_gpu(about)

    def left() -> int:
        return about.items - ran.before - ran.done - ran.failed

    with claimed(ledger, "starting", clock) as hold:
        ledger.sweep()
        clear_fetched(ledger)
        waiting = _waiting(ledger, ran)
        first = next(waiting, None)
        if first is None:
            return ran
        with workers_at(where, ledger.path, wants_gpu, tell) as workers:
            _announce(workers.client, hold, tell)
            sliding = Sliding(workers, ledger, clock, wants_gpu, left, tell)
            pace = Pace(clock, about.items)
            for outcome in sliding.run(chain([first], waiting)):
                _count(outcome, ran, tell)
                pace.took()
                if pace.due(left()):
                    progress(*pace.words(left(), ran.failed))
                    hold.say_left(pace.left_s(left()))
        clear_fetched(ledger)
    return ran


def retried(ledger: Ledger, clock: Clock, dry: bool) -> list[str]:
    """The ids of what failed and is to be tried again; with `dry` nothing changes."""
    with claimed(ledger, "retrying", clock):
        found = list(status_of(ledger).failures)
        for failure in () if dry else found:
            ledger.forgive(failure)
    return [failure.id for failure in found]


def _waiting(ledger: Ledger, ran: Ran) -> Iterator[Item]:
    failures = ledger.failures()
    for item in ledger.items():
        if ledger.done(item) or failed_of(item, failures):
            ran.before += 1
        else:
            yield item


def _announce(client: Client, hold: Held, tell: Tell) -> None:
    address = dashboard_of(client)
    hold.say("running", address)
    if address:
        tell(f"Dask's own page: {address}")


def _count(outcome: Outcome, ran: Ran, tell: Tell) -> None:
    """Raises WozError where the run should stop."""
    if outcome.what == What.STOP:
        raise WozError(outcome.words)
    if outcome.what == What.FAILED:
        ran.failed += 1
        tell(f"{outcome.id} failed: {outcome.words}")
    else:
        ran.done += 1
        told = f": {outcome.words}" if outcome.words else ""
        tell(f"{outcome.id} is done ({outcome.seconds:.1f} s){told}")
