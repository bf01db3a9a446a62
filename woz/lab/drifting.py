"""Whose coding drifts in a project: each annotator against all others who coded the same, the gold left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from woz.annotation.measures.cards import Card
from woz.annotation.measures.drift import by_week
from woz.annotation.measures.drift_limits import DriftLimits
from woz.annotation.measures.drifting import DriftKind, drifting
from woz.lab.agreeing import Agreement, compared
from woz.lab.comparable import comparable
from woz.lab.drift_words import DriftTold, drift_told
from woz.lab.library import SessionFacts
from woz.lab.ports import Project
from woz.lab.several_tiers import several_tiers, several_words
from woz.model.ids import SessionId


@dataclass(frozen=True, slots=True)
class Coded:
    """What a person coded that another one coded, too, in a tier type: pairs by week, theirs the second. `names`
    are those of labels by their ids, `several` the sessions in which either has several tiers, by pseudonym.
    """

    person: str
    other: str
    tier_type: str
    weeks: Mapping[str, Sequence[Card]]
    names: Mapping[str, str]
    several: Mapping[str, frozenset[str]] = field(default_factory=dict)


def coded(tier_type: str, found: Agreement) -> Iterator[Coded]:
    """Each pair both ways round."""
    for pair in found.pairs:
        sessions = [each.session for each in pair.sessions]
        several = {who: frozenset(several_tiers(found, who, sessions)) for who in (pair.one, pair.other)}
        for whose, person, other in ((1, pair.other, pair.one), (0, pair.one, pair.other)):
            yield Coded(person, other, tier_type, by_week(pair.sessions, whose), found.names, several)


def agreements(project: Project, sessions: Iterable[SessionFacts]) -> list[tuple[str, Agreement]]:
    """Of each tier type that two at least coded in one of the sessions; without the gold. Only these are read."""
    doubled: dict[str, set[SessionId]] = defaultdict(set)
    for each in comparable(sessions):
        if len(each.coders) > 1:
            doubled[each.tier_type].add(each.session_id)
    return [(tier_type, compared(project, tier_type, among=doubled[tier_type])) for tier_type in sorted(doubled)]


def all_coded(found: Iterable[tuple[str, Agreement]]) -> Iterator[Coded]:
    for tier_type, each in found:
        yield from coded(tier_type, each)


def drift_seen(project: Project, only: str = "") -> list[DriftTold]:
    """Of a project as somebody sees it: of what they are blind to, figures would tell them, too. As `drift_in`."""
    return drift_in(project, _seen(project), only)


def _seen(project: Project) -> Iterator[Coded]:
    yield from all_coded(agreements(project, project.library.sessions()))


def drift_in(project: Project, every: Iterable[Coded], only: str = "") -> list[DriftTold]:
    """By person and tier type, of who isn't retired; nothing where the project doesn't measure people's work.

    Who is told of their own figures (`only`, a pseudonym) isn't told whose the others' are.
    """
    if not project.work.measured:
        return []
    limits = project.keeping.drift_limits()
    here = {each.pseudonym for each in project.annotators.all() if not each.retired}
    by: dict[tuple[str, str], list[Coded]] = defaultdict(list)
    for each in every:
        if each.person in here and only in ("", each.person):
            by[each.person, each.tier_type].append(each)
    return [told for some in sorted(by) for told in _told(by[some], limits, alone=bool(only))]


def _told(some: Sequence[Coded], limits: DriftLimits, alone: bool) -> Iterator[DriftTold]:
    """Of one person, in one tier type."""
    weeks: dict[str, list[Card]] = defaultdict(list)
    for each in some:
        for week, cards in each.weeks.items():
            weeks[week] += cards
    others = {each.other for each in some}
    against = others.pop() if len(others) == 1 and not alone else ""
    person = some[0].person
    several = _several(some, (person,) if alone else sorted({person, *(each.other for each in some)}))
    for found in drifting(weeks, limits):
        told = drift_told(found, person, against, some[0].tier_type, _name(some[0].names), limits)
        yield replace(told, words=" ".join((told.words, *several)))


def _several(some: Sequence[Coded], people: Iterable[str]) -> list[str]:
    """A sentence for each of them who has several tiers in a session."""
    counts = {who: len(frozenset[str]().union(*(each.several.get(who, ()) for each in some))) for who in people}
    return [several_words(who, count) for who, count in counts.items() if count]


def _name(names: Mapping[str, str]) -> Callable[[str], str]:
    return lambda label: names.get(label, label)


def drift_lines(found: Iterable[DriftTold]) -> list[str]:
    """In words. That A begins later than B is said once: not also that B begins earlier than A."""
    said: set[tuple[str, ...]] = set()
    lines = []
    for each in found:
        about = each.tier_type, each.kind, each.label
        if each.kind == DriftKind.LABEL or (each.against, each.person, *about) not in said:
            lines.append(f"{each.tier_type}: {each.words}")
        said.add((each.person, each.against, *about))
    return lines
