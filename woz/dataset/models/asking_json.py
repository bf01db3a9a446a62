"""Many requests for JSON, within one budget: each answer is checked, asked for once more with what was wrong, and
then given up.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.base.outside import Unsound, read
from woz.dataset.models.asking import Asker, Limits, Spent
from woz.dataset.models.endpoint import Endpoint, Message, Wanted, bare
from woz.dataset.models.exchanges import ExchangeLog
from woz.dataset.models.requests import Request

T = TypeVar("T")
AGAIN = "again"
MOST_REPEATED = 2000
"""So much of an answer that was wrong goes back with what was wrong."""


@dataclass(frozen=True, slots=True)
class Ask(Generic[T]):
    """`check` says what is wrong with an answer that is as `wanted`, or nothing; `settings` go into the request."""

    id: str
    messages: Sequence[Message]
    wanted: Wanted[T]
    most_tokens: int
    check: Callable[[T], str] = lambda _: ""
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class JsonAsker:
    """`spent` is of all calls together; what `log` has a reply to is not asked again. `tell` hears it as it
    goes, with how many are `planned`.
    """

    endpoint: Endpoint
    log: ExchangeLog
    clock: Clock
    limits: Limits
    tell: Callable[[Spent, int], None] = lambda *_: None
    spent: Spent = field(default_factory=Spent)
    planned: int = 0
    unfit: int = 0
    """Answers that were not as they were asked for, twice."""
    trouble: WozError | None = None
    """Why the server can't be asked any more; from then on only what was answered before is read."""

    def ask(self, what: str, asks: Iterable[Ask[T]]) -> dict[str, T]:
        """Answers by id; those that failed twice, or were not put since the budget was spent or the server went
        away, are not among them.
        """
        found, wrong = self._round(what, list(asks), {})
        more, still = self._round(f"{what}, {AGAIN}", [each for each, _ in wrong], {e.id: why for e, why in wrong})
        self.unfit += len(still)
        return found | more

    def demand_server(self) -> None:
        """Raises WozError where the server went away, as `woz.dataset.models.asking.Asker.ask_all` does."""
        if self.trouble:
            raise self.trouble

    def _round(
        self, what: str, asks: list[Ask[T]], wrong: Mapping[str, tuple[str, str]]
    ) -> tuple[dict[str, T], list[tuple[Ask[T], tuple[str, str]]]]:
        """What was answered as wanted, and the others with their text and what is wrong with it."""
        requests = {each.id: self._request(what, each, wrong.get(each.id)) for each in asks}
        if requests and not self.trouble:
            try:
                self._put(list(requests.values()))
            except WozError as error:
                self.trouble = error
        found, unfit = dict[str, T](), list[tuple[Ask[T], tuple[str, str]]]()
        for each in asks:
            text = self.log.reply(requests[each.id].key, what, each.id)
            if text is None:
                continue
            try:
                answer = read(bare(text), each.wanted.kind)
                if why := each.check(answer):
                    raise Unsound(why)
                found[each.id] = answer
            except Unsound as error:
                unfit.append((each, (text, str(error))))
        return found, unfit

    def _request(self, what: str, ask: Ask[T], wrong: tuple[str, str] | None) -> Request:
        said = list(ask.messages)
        if wrong is not None:
            said.append({"role": "assistant", "content": wrong[0][:MOST_REPEATED]})
            said.append({"role": "user", "content": f"That is not as wanted: {wrong[1]}. Answer in JSON alone."})
        body = {**self.endpoint.body(said, ask.most_tokens), **ask.settings}
        schema = json.dumps(ask.wanted.schema, sort_keys=True).encode()
        form = {"schema": ask.wanted.name, "sha256": hashlib.sha256(schema).hexdigest()}
        return Request(self.endpoint, what, ask.id, {**body, **form}, lambda: {**body, **ask.wanted.form})

    def _put(self, requests: list[Request]) -> None:
        before = replace(self.spent, troubles=dict(self.spent.troubles))

        def now(spent: Spent) -> None:
            self.spent = _sum(before, spent)
            self.tell(self.spent, max(self.planned, self.spent.through))

        now(Asker(self.clock, _rest(self.limits, before)).ask_all(requests, self.log, now))


def _rest(limits: Limits, spent: Spent) -> Limits:
    requests = None if limits.requests is None else max(0, limits.requests - spent.put)
    tokens = None if limits.tokens is None else max(0, limits.tokens - spent.tokens)
    return replace(limits, requests=requests, tokens=tokens)


def _sum(one: Spent, other: Spent) -> Spent:
    troubles = dict(one.troubles)
    for why, count in other.troubles.items():
        troubles[why] = troubles.get(why, 0) + count
    names = ("put", "kept", "answered", "failed", "left", "tokens")
    return Spent(**{name: getattr(one, name) + getattr(other, name) for name in names}, troubles=troubles)
