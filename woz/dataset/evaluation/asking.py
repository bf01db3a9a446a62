"""Asks a model all that is wanted, several at once, within a budget; each exchange is kept as it comes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from woz.base.back_off import BackOff
from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.base.outside import Unsound, read
from woz.dataset.evaluation.conditions import Shown
from woz.dataset.evaluation.exchanges import Exchange, ExchangeLog
from woz.dataset.evaluation.request import Asking, Body, kept_request, key_of, sent_request
from woz.dataset.harness.released import Released
from woz.dataset.models.completion import Completion
from woz.dataset.models.endpoint import REFUSES_ALL, Endpoint, Refused

MOST_FAILED = 5
"""After so many requests in a row without a reply nothing more is asked."""
Done = Mapping[tuple[str, str], Exchange]
Tell = Callable[[int, int], None]
Wait = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Ask:
    """`id` is a question's, or a window's."""

    condition: str
    id: str
    shown: Shown


@dataclass(frozen=True, slots=True)
class Limits:
    """`requests` and `tokens` are what one call may spend; None is no bound. A request is tried `tries` times."""

    at_once: int = 4
    tries: int = 3
    requests: int | None = None
    tokens: int | None = None


class Asker:
    """`wait` sleeps between tries."""

    def __init__(
        self, endpoint: Endpoint, asking: Asking, release: Released, limits: Limits, clock: Clock, wait: Wait
    ) -> None:
        self._endpoint = endpoint
        self._asking = asking
        self._release = release
        self._limits = limits
        self._clock = clock
        self._wait = wait

    def ask_all(self, asks: Iterable[Ask], log: ExchangeLog, done: Done, tell: Tell) -> str:
        """Why it stopped before all was asked: a sentence, or nothing. What was answered before isn't asked again.

        Raises WozError where the server isn't there, refuses, or has long been silent; what came is in the log.
        """
        wanted = [(each, kept_request(self._asking, each.shown, self._release)) for each in asks]
        left = [(each, kept) for each, kept in wanted if not _answered(done, each, key_of(kept))]
        going = _Going(log, tell, len(wanted) - len(left), len(wanted))
        with ThreadPoolExecutor(self._limits.at_once) as pool:
            try:
                for ask, kept in left:
                    if stopped := self._spent(going):
                        going.collect(0)
                        return stopped
                    going.add(pool.submit(self._one, ask, kept), bool(ask.shown.frames))
                    going.collect(self._limits.at_once - 1)
                going.collect(0)
            finally:
                pool.shutdown(cancel_futures=True)
                going.keep_rest()
        return ""

    def _spent(self, going: _Going) -> str:
        limits = self._limits
        asked = going.asked + len(going.waiting)
        spent = limits.requests is not None and asked >= limits.requests
        if spent or (limits.tokens is not None and going.tokens >= limits.tokens):
            return f"The budget is spent ({asked} requests, {going.tokens} tokens); the same command goes on."
        return ""

    def _one(self, ask: Ask, kept: Body) -> Exchange:
        sent = sent_request(self._asking, ask.shown, self._release)
        back_off, began, error = BackOff(1, 30), time.monotonic(), ""
        for nr in range(self._limits.tries):
            if nr:
                self._wait(back_off.next_s())
            try:
                raw = self._endpoint.post(sent)
                said = read(raw, Completion)
            except Refused as refusal:
                if refusal.status in REFUSES_ALL:
                    raise
                error = f"refused ({refusal.status}): {refusal.words}"
                break
            except TimeoutError as late:
                error = str(late) or "no answer in time"
            except Unsound as nonsense:
                error = f"no chat completion: {nonsense}"
            except ValueError as long:
                error = str(long)
            else:
                return self._exchange(ask, kept, began, raw.decode(errors="replace"), said)
        return Exchange(
            ask.condition,
            ask.id,
            key_of(kept),
            kept,
            error=error,
            seconds=_since(began),
            utc_ns=self._clock.utc_ns(),
        )

    def _exchange(self, ask: Ask, kept: Body, began: float, raw: str, said: Completion) -> Exchange:
        reply = (said.choices[0].message.content if said.choices else None) or ""
        tokens = (said.usage.total_tokens or 0) if said.usage else 0
        at = self._clock.utc_ns()
        return Exchange(ask.condition, ask.id, key_of(kept), kept, reply, raw, None, _since(began), tokens, at)


class _Going:
    """What is being asked, and how it goes."""

    def __init__(self, log: ExchangeLog, tell: Tell, before: int, of: int) -> None:
        self._log = log
        self._tell = tell
        self._before = before
        self._of = of
        self._silent = 0
        self.waiting: dict[Future[Exchange], bool] = {}
        self.asked = 0
        self.tokens = 0

    def add(self, future: Future[Exchange], seen: bool) -> None:
        self.waiting[future] = seen

    def collect(self, most: int) -> None:
        """Wait until no more than so many are under way. Raises WozError where it can't go on."""
        while len(self.waiting) > most:
            finished, _ = wait(self.waiting, return_when=FIRST_COMPLETED)
            for each in finished:
                seen = self.waiting.pop(each)
                self._keep(each.result(), seen)

    def keep_rest(self) -> None:
        """What came while another request ended it all."""
        for each in self.waiting:
            if each.done() and not each.cancelled() and each.exception() is None:
                self._log.add(each.result())
        self.waiting = {}

    def _keep(self, exchange: Exchange, seen: bool) -> None:
        self._log.add(exchange)
        self.asked += 1
        self.tokens += exchange.tokens
        self._tell(self._before + self.asked, self._of)
        self._silent = self._silent + 1 if exchange.error else 0
        if self._silent >= MOST_FAILED:
            raise WozError(_gone(exchange.error or "", seen))


def _gone(error: str, seen: bool) -> str:
    kept = "What was answered is kept, and the same command goes on from there."
    refused = error.startswith("refused")
    if seen and (refused or "image" in error.lower()):
        what = "It seems to take no pictures: ask with --condition blind, or load a model that sees."
        return f"The server answers “{error[:300]}”, {MOST_FAILED} times in a row. {what} {kept}"
    if refused:
        return f"The server {error[:300]}, {MOST_FAILED} times in a row. See to the model's settings. {kept}"
    return f"The server has not answered {MOST_FAILED} times in a row ({error[:200]}). {kept}"


def _answered(done: Done, ask: Ask, key: str) -> bool:
    known = done.get((ask.condition, ask.id))
    return known is not None and known.key == key and known.error is None


def _since(began: float) -> float:
    return round(time.monotonic() - began, 3)
