"""Proposers for tests, good and bad: each is started in a child process."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator

from woz.annotation.proposals.asking import Ask, Progress, Proposal
from woz.base.errors import WozError

ASKED = list[Ask]()


def echo(ask: Ask, progress: Progress) -> Iterator[Proposal]:
    """A proposal a turn, with the first label; prints, as libraries do."""
    sys.stdout.write("loading a model\n")
    sys.stdout.flush()
    for number, turn in enumerate(ask.turns):
        span = turn.interval
        yield Proposal(span.start_ns, span.end_ns, ask.tier_type.labels[0].id, 0.5, 1, 2, ask.options["word"])
        progress((number + 1) / len(ask.turns))


def counts(ask: Ask, progress: Progress) -> Iterator[Proposal]:
    """Notes how often this process was asked."""
    ASKED.append(ask)
    yield Proposal(0, 1, ask.tier_type.labels[0].id, note=str(len(ASKED)))


def dies(ask: Ask, progress: Progress) -> Iterator[Proposal]:
    yield Proposal(0, 1, ask.tier_type.labels[0].id)
    os._exit(7)


def refuses(ask: Ask, progress: Progress) -> Iterator[Proposal]:
    raise WozError("There is nothing to see here.")


def fails(ask: Ask, progress: Progress) -> Iterator[Proposal]:
    raise KeyError("a fault of its own")


def strange(ask: Ask, progress: Progress) -> Iterator[Proposal]:
    yield Proposal(0, 1, ask.tier_type.labels[0].id)
    yield Proposal(0, 1, "nobody knows")  # type: ignore[arg-type]


def backwards(ask: Ask, progress: Progress) -> Iterator[Proposal]:
    yield Proposal(3 * 10**9, 2 * 10**9, ask.tier_type.labels[0].id)


def endless(ask: Ask, progress: Progress) -> Iterator[Proposal]:
    number = 0
    while True:
        number += 1
        progress(number / 100 % 1)
        yield Proposal(0, 1, ask.tier_type.labels[0].id)
        time.sleep(0.01)
