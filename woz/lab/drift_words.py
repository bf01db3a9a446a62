"""Drift as it is told: since when somebody's coding lies beyond what was agreed, against whom, and how far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from woz.annotation.measures.drift_limits import DriftLimits
from woz.annotation.measures.drifting import Drift, DriftKind
from woz.base.counts import counted
from woz.base.interval import NS_PER_S, seconds
from woz.lab.coders import GOLD
from woz.lab.sentences import Said, Sentence, label_said, sentence_text

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class DriftTold:
    """Of a person, in a tier type, against somebody by pseudonym, empty for all others. `label` is a name, empty
    for all labels.

    `since` and `until` are the Mondays of the first and the last week, as 2026-02-09. `value` is how much later
    their starts or ends are (s, median), or the share with another label, `agreed` what it exceeds.
    """

    person: str
    against: str
    tier_type: str
    kind: DriftKind
    label: str
    since: str
    until: str
    pairs: int
    value: float
    agreed: float
    words: str


def drift_told(
    found: Drift, person: str, against: str, tier_type: str, name: Callable[[str], str], limits: DriftLimits
) -> DriftTold:
    """`name` gives labels' names."""
    shares = found.kind == DriftKind.LABEL
    return DriftTold(
        person,
        against,
        tier_type,
        found.kind,
        name(found.label) if found.label else "",
        _monday(found.since).isoformat(),
        _monday(found.until).isoformat(),
        len(found.cards),
        found.value if shares else found.value / NS_PER_S,
        limits.other_label if shares else seconds(limits.offset_ns),
        sentence_text(drift_sentence(found, person, against, name, limits)),
    )


def drift_sentence(
    found: Drift, person: str, against: str, name: Callable[[str], str], limits: DriftLimits
) -> Sentence:
    """As "Since the week of 12 Oct 2026, B begins Fit gear 0.41 s later than the others in the median of 52 pairs;
    agreed is 0.25 s."
    """
    first = Said(f"Since the week of {_day(_monday(found.since))}, {person} ")
    label = label_said(name(found.label)) if found.label else Said("marks")
    return first, *(
        _called(found, against, label, name, limits)
        if found.kind == DriftKind.LABEL
        else _moved(found, against, label, limits)
    )


def _moved(found: Drift, against: str, label: Said, limits: DriftLimits) -> Sentence:
    points = all(each.one and each.one.is_point for each in found.cards)
    verb = "sets" if points else "begins" if found.kind == DriftKind.START else "ends"
    way = "later" if found.value > 0 else "earlier"
    return (
        Said(f"{verb} "),
        label,
        Said(f" {abs(found.value) / NS_PER_S:.2f} s {way} than {_whom(against)} in the median of "),
        Said(counted(len(found.cards), "pair"), lambda: list(found.cards)),
        Said(f"; agreed is {seconds(limits.offset_ns):g} s."),
    )


def _called(found: Drift, against: str, label: Said, name: Callable[[str], str], limits: DriftLimits) -> Sentence:
    most = found.called if found.label else None
    mostly = (Said(f", {most[1]} of them "), label_said(name(most[0]))) if most else ()
    return (
        Said("calls "),
        Said(str(len(found.others)), lambda: list(found.others)),
        Said(f" of {_whose(against)} "),
        Said(str(len(found.cards)), lambda: list(found.cards)),
        Said(" "),
        label,
        Said(" something else"),
        *mostly,
        Said(f" ({100 * found.value:.0f} of 100); agreed are {100 * limits.other_label:g} of 100."),
    )


def _whom(against: str) -> str:
    return "the gold" if against == GOLD else against or "the others"


def _whose(against: str) -> str:
    return f"{_whom(against)}'s" if against else "the others'"


def _monday(week: str) -> date:
    """Of an ISO week, as 2026-W07."""
    year, number = week.split("-W")
    return date.fromisocalendar(int(year), int(number), 1)


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
