"""How far those agree who coded the tiers that a release takes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from woz.annotation.measures.intervals import Estimate, estimate_text
from woz.annotation.measures.several import TOGETHER
from woz.base.counts import counted
from woz.model.ids import SchemeId, SessionId

TOLD = {"f1@50": "marks", "kappa": "time", "alpha": "units of 10 ms", "time agreement": "time"}
"""Measures that a card tells, of `woz.annotation.measures.agreement.measures`, each with what it counts."""
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
    note: str = ""
    """Which of the two have several tiers of the type in a session, in words."""


@dataclass(frozen=True, slots=True)
class SeveralAgreement:
    """Of three annotators or more, by pseudonym, in so many sessions that all or some of them coded, three at least
    in each.
    """

    tier_type: str
    people: tuple[str, ...]
    sessions: int
    measures: Mapping[str, Estimate]


@dataclass(frozen=True, slots=True)
class Coding:
    pairs: tuple[PairAgreement, ...] = ()
    several: tuple[SeveralAgreement, ...] = ()


CodingOf = Callable[[Taken], Coding]


def coding_table(pairs: Sequence[PairAgreement]) -> tuple[tuple[str, ...], ...]:
    """A line a pair, below the heads; empty where nobody coded what somebody else coded."""
    heads = ("tiers", "annotators", "sessions", *(f"{name} ({unit})" for name, unit in TOLD.items()))
    rows = [
        (
            each.tier_type,
            f"{each.one} and {each.other}{f'. {each.note}' if each.note else ''}",
            str(each.sessions),
            *(estimate_text(each.measures[name]) for name in TOLD),
        )
        for each in pairs
    ]
    return (heads, *rows) if rows else ()


def several_table(found: Sequence[SeveralAgreement]) -> tuple[tuple[str, ...], ...]:
    """A line a tier type, below the heads; empty where no three coded the same."""
    heads = ("tiers", "annotators", "sessions", *(f"{name} (time)" for name in TOGETHER.values()))
    rows = [
        (
            each.tier_type,
            ", ".join(each.people),
            str(each.sessions),
            *(estimate_text(each.measures[name]) for name in TOGETHER),
        )
        for each in found
    ]
    return (heads, *rows) if rows else ()


def coding_words(coding: Coding) -> list[str]:
    """The same as a sentence a line of both tables."""
    told = [
        (
            f"{each.tier_type}, {each.one} and {each.other}",
            each.sessions,
            [f"{name} ({unit}) {estimate_text(each.measures[name])}" for name, unit in TOLD.items()],
            each.note,
        )
        for each in coding.pairs
    ]
    told += [
        (
            f"{each.tier_type}, {', '.join(each.people)} together",
            each.sessions,
            [f"{called} (time) {estimate_text(each.measures[name])}" for name, called in TOGETHER.items()],
            "",
        )
        for each in coding.several
    ]
    return [
        f"{who}, {counted(sessions, 'session')}: {', '.join(figures)}.{f' {note}' if note else ''}"
        for who, sessions, figures, note in told
    ]
