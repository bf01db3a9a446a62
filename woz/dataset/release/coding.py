"""How far those agree who coded the tiers that a release takes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from woz.annotation.measures.intervals import Estimate, estimate_text
from woz.base.counts import counted
from woz.model.ids import SchemeId, SessionId

TOLD = ("f1@50", "kappa", "alpha", "time agreement")
"""Measures that a card tells, of `woz.annotation.measures.agreement.measures`."""
Taken = Mapping[tuple[SchemeId, str], Collection[SessionId]]
"""By tier type, with its scheme: the sessions of which a release takes such tiers."""


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Of two annotators, by pseudonym, in so many sessions of which both coded a tier type."""

    tier_type: str
    one: str
    other: str
    sessions: int
    measures: Mapping[str, Estimate]


CodingOf = Callable[[Taken], Iterable[PairAgreement]]


def coding_table(pairs: Sequence[PairAgreement]) -> tuple[tuple[str, ...], ...]:
    """A line a pair, below the heads; empty where nobody coded what somebody else coded."""
    heads = ("tiers", "annotators", "sessions", *TOLD)
    rows = [
        (
            each.tier_type,
            f"{each.one} and {each.other}",
            str(each.sessions),
            *(estimate_text(each.measures[name]) for name in TOLD),
        )
        for each in pairs
    ]
    return (heads, *rows) if rows else ()


def coding_words(pairs: Sequence[PairAgreement]) -> list[str]:
    """The same as a sentence a pair."""
    return [
        f"{each.tier_type}, {each.one} and {each.other}, {counted(each.sessions, 'session')}: "
        + ", ".join(f"{name} {estimate_text(each.measures[name])}" for name in TOLD)
        + "."
        for each in pairs
    ]
