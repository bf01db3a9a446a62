"""Puts many requests to models, some at a time, within a budget; each exchange is kept as it comes, and what was
answered before is not asked again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from woz.base.back_off import BackOff
from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.dataset.models.endpoint import Answered
from woz.dataset.models.exchanges import MOST_RAW, Exchange, ExchangeLog
from woz.dataset.models.requests import Request

MOST_FAILED = 3
"""After so many requests in a row without a reply nothing more is asked."""


@dataclass(frozen=True, slots=True)
class Limits:
    """`requests` and `tokens` are what one call may spend; None is no bound. A request is tried `tries` times."""

    at_once: int = 4
    tries: int = 3
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

    @property
    def through(self) -> int:
        """How many have an answer, or failed."""
        return self.kept + self.answered + self.failed

    def within(self, limits: Limits) -> bool:
        requests = limits.requests is None or self.put < limits.requests
        return requests and (limits.tokens is None or self.tokens < limits.tokens)


@dataclass(frozen=True, slots=True)
class Asker:
    """`pause` waits so many seconds between tries."""

    clock: Clock
    limits: Limits = field(default_factory=Limits)
    pause: Callable[[float], None] = time.sleep

    def ask_all(
        self, requests: Iterable[Request], log: ExchangeLog, tell: Callable[[Spent], None] = lambda _: None
    ) -> Spent:
        """Put those that `log` has no reply to; what is on its way when a bound is reached is waited for.

        Raises WozError where a server isn't there, refuses, or has long been silent; what was answered is kept.
        """
        going = _Going(tell)
        with ThreadPoolExecutor(self.limits.at_once) as pool:
            try:
                for request in requests:
                    if log.reply(request.key, request.condition, request.id) is not None:
                        going.spent.kept += 1
                    elif going.spent.within(self.limits):
                        going.add(pool.submit(self._one, request, log), request)
                        going.collect(self.limits.at_once - 1)
                    else:
                        going.spent.left += 1
                going.collect(0)
            finally:
                pool.shutdown(cancel_futures=True)
        return going.spent

    def _one(self, request: Request, log: ExchangeLog) -> Answered:
        body, back_off, answered = request.sent(), BackOff(1, 30), Answered(None)
        for nr in range(self.limits.tries):
            if nr:
                self.pause(back_off.next_s())
            answered = request.endpoint.answer(body)
            if answered.text is not None or answered.refused:
                break
        log.add(_exchange(request, answered, self.clock.utc_ns()))
        return answered


class _Going:
    """What is being asked, and how it goes."""

    def __init__(self, tell: Callable[[Spent], None]) -> None:
        self.spent = Spent()
        self._tell = tell
        self._silent = 0
        self._waiting: dict[Future[Answered], Request] = {}

    def add(self, future: Future[Answered], request: Request) -> None:
        self._waiting[future] = request
        self.spent.put += 1

    def collect(self, most: int) -> None:
        """Wait until no more than so many are under way. Raises WozError where it can't go on."""
        while len(self._waiting) > most:
            finished, _ = wait(self._waiting, return_when=FIRST_COMPLETED)
            for each in finished:
                request = self._waiting.pop(each)
                self._count(each.result(), request)

    def _count(self, answered: Answered, request: Request) -> None:
        spent = self.spent
        spent.tokens += answered.tokens
        if answered.text is None:
            spent.failed += 1
            spent.troubles[answered.trouble] = spent.troubles.get(answered.trouble, 0) + 1
        else:
            spent.answered += 1
        self._silent = 0 if answered.text is not None else self._silent + 1
        self._tell(spent)
        if self._silent >= MOST_FAILED:
            raise WozError(_gone(answered, request))


def _exchange(request: Request, answered: Answered, utc_ns: int) -> Exchange:
    return Exchange(
        request.condition,
        request.id,
        request.key,
        request.kept,
        answered.text,
        answered.raw[:MOST_RAW],
        answered.trouble or None,
        round(answered.took_s, 3),
        answered.tokens,
        utc_ns,
        request.endpoint.host,
    )


def _gone(answered: Answered, request: Request) -> str:
    host, kept = request.endpoint.host, "What was answered is kept, and the same command goes on from there."
    said = f"The model's server at {host} has not answered {MOST_FAILED} times in a row ({answered.trouble[:300]})."
    if request.seen and (answered.refused or "image" in answered.trouble.lower()):
        return f"{said} It seems to take no pictures: ask with --condition blind, or load a model that sees. {kept}"
    if answered.refused:
        return f"{said} See to the model's settings. {kept}"
    return f"{said} {kept}"
