"""How good a proposer is, on sessions whose truth is known: its figures, and those that woz states of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec

from woz.annotation.measures.agreement import Doubled, measures, offsets
from woz.annotation.proposals.asking import Proposal
from woz.base.interval import NS_PER_S
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, TierId
from woz.model.made import Made
from woz.model.origin import Origin

STATED = Path(__file__).with_name("stated_quality.json")
"""Written by `python -m tests.benchmarks.bench_proposals --write`."""


@dataclass(frozen=True, slots=True)
class Quality:
    """Proposals beside the truth. None where nothing can be said.

    `f1_50` and `f1_25` are of segments at that intersection over union, `time_agreement` is the share of all time
    with the true label, or truly without one; `starts_s` is how far starts are off in the median, `starts_p90_s`
    in 9 of 10, of those whose label was right at some overlap.
    """

    sessions: int
    truths: int
    proposals: int
    time_agreement: float | None
    f1_50: float | None
    f1_25: float | None
    starts_s: float | None
    starts_p90_s: float | None

    @property
    def told(self) -> str:
        """In one sentence without its full stop."""
        if self.f1_50 is None or self.time_agreement is None:
            return "nothing could be compared"
        starts = "" if self.starts_s is None else f", half the starts within {self.starts_s:.2f} s"
        return f"F1@50 {self.f1_50:.2f}, right for {self.time_agreement:.0%} of the time{starts}"


@dataclass(frozen=True, slots=True)
class Stated:
    """What was found of a proposer on some data; `how` says what stood in for what isn't there."""

    by: str
    data: str
    how: str
    quality: Quality


def compared(session: str, duration_ns: int, truth: Sequence[Annotation], found: Sequence[Proposal]) -> Doubled:
    """The truth, and what was proposed for the same session."""
    made = Made(Origin.MACHINE)
    proposed = tuple(
        Annotation(AnnotationId(f"proposal {n}"), TierId(""), each.start_ns, each.end_ns, each.label, made)
        for n, each in enumerate(found)
    )
    return Doubled(session, duration_ns, (tuple(truth), proposed))


def quality(sessions: Sequence[Doubled]) -> Quality:
    """Of all together, each counting by its segments and its time."""
    found, starts = measures(sessions), offsets(sessions, "start_ns")
    return Quality(
        len(sessions),
        sum(len(each.segments[0]) for each in sessions),
        sum(len(each.segments[1]) for each in sessions),
        _rounded(found["time agreement"].value, 3),
        _rounded(found["f1@50"].value, 3),
        _rounded(found["f1@25"].value, 3),
        _seconds(starts.median_apart_ns),
        _seconds(starts.worst_tenth_ns),
    )


@cache
def stated() -> tuple[Stated, ...]:
    """What woz states of its own proposers."""
    return tuple(msgspec.json.decode(STATED.read_bytes(), type=list[Stated]))


def stated_of(by: str) -> tuple[Stated, ...]:
    return tuple(each for each in stated() if each.by == by)


def _seconds(ns: float | None) -> float | None:
    return None if ns is None else round(ns / NS_PER_S, 2)


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
