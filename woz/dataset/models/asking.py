"""Puts many requests to models, some at a time, within a budget; what was answered before is not asked again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from woz.base.clock import Clock
from woz.dataset.models.ask_log import AskLog, Request
from woz.dataset.models.endpoint import Answered

TRIES = 2
"""A request without an answer is put so many times in all."""


@dataclass(frozen=True, slots=True)
class Budget:
    """None sets no bound. What is on its way when a bound is reached is still waited for."""

    requests: int | None = None
    tokens: int | None = None


@dataclass(slots=True)
class Spent:
    """`kept` were answered before, `left` not put since the budget was spent; `troubles` counts why some failed."""

    put: int = 0
    kept: int = 0
    answered: int = 0
    failed: int = 0
    left: int = 0
    tokens: int = 0
    troubles: dict[str, int] = field(default_factory=dict)

    def within(self, budget: Budget) -> bool:
        requests = budget.requests is None or self.put < budget.requests
        return requests and (budget.tokens is None or self.tokens < budget.tokens)


def ask_all(
    requests: Iterable[Request],
    log: AskLog,
    clock: Clock,
    at_once: int = 4,
    budget: Budget | None = None,
    tell: Callable[[Spent], None] = lambda _: None,
) -> Spent:
    """Put those that `log` has no reply to. Raises WozError as `Endpoint.send` does; what was answered is kept."""
    spent, bounds = Spent(), budget or Budget()
    waiting = set[Future[Answered]]()
    with ThreadPoolExecutor(at_once) as pool:
        try:
            for request in requests:
                if log.reply(request.key) is not None:
                    spent.kept += 1
                elif spent.within(bounds):
                    spent.put += 1
                    waiting.add(pool.submit(_put, request, log, clock))
                    _collect(waiting, 2 * at_once, spent, tell)
                else:
                    spent.left += 1
            _collect(waiting, 0, spent, tell)
        finally:
            pool.shutdown(cancel_futures=True)
    return spent


def _put(request: Request, log: AskLog, clock: Clock) -> Answered:
    for _ in range(TRIES):
        answered = request.endpoint.send(dict(request.body))
        log.add(request, answered, clock.utc_ns())
        if answered.text is not None:
            break
    return answered


def _collect(waiting: set[Future[Answered]], most: int, spent: Spent, tell: Callable[[Spent], None]) -> None:
    """Wait until no more than so many are on their way."""
    while len(waiting) > most:
        finished, _ = wait(waiting, return_when=FIRST_COMPLETED)
        waiting -= finished
        for each in finished:
            answered = each.result()
            spent.tokens += answered.tokens_in + answered.tokens_out
            if answered.text is None:
                spent.failed += 1
                spent.troubles[answered.trouble] = spent.troubles.get(answered.trouble, 0) + 1
            else:
                spent.answered += 1
            tell(spent)
