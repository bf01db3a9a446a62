"""How far the annotators of a project agree: pairs of them, over the sessions that both annotated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from woz.annotation.adjudication.clusters import Side, sides_of
from woz.annotation.adjudication.state import DROPPED
from woz.annotation.blindness import covers
from woz.annotation.measures.agreement import Doubled
from woz.annotation.measures.drift_limits import DriftLimits
from woz.annotation.measures.intervals import Estimate
from woz.annotation.measures.several import Shared, several_agree
from woz.annotation.tier_states import OPEN
from woz.annotation.windows import common
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.lab.ports import Project
from woz.lab.session_windows import golds_of, windows_coded
from woz.model.annotation import Annotation
from woz.model.annotator import BlindScope, BlindTo
from woz.model.ids import AnnotatorId, SchemeId, SessionId, TierId
from woz.model.link import Link
from woz.model.scheme import AttributeType, Scheme, TierType
from woz.model.session import Session
from woz.model.tier import Tier, TierState

GOLD = "gold"
"""Stands for an annotator's name: what was adjudicated."""
_GOLD = AnnotatorId("(gold)")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two annotators by pseudonym, and the sessions that both annotated."""

    one: str
    other: str
    sessions: tuple[Doubled, ...]


@dataclass(frozen=True, slots=True)
class Together:
    """The sessions that three or more annotated, or all of those who were named; Fleiss' kappa and Gwet's AC1 of
    these.
    """

    sessions: tuple[Shared, ...]
    measures: Mapping[str, Estimate]


@dataclass(frozen=True, slots=True)
class Agreement:
    """`names` are those of labels by their ids, `attributes` their types by key; `links` and `beside`, the tiers of
    other types, are by session; `versions` are those of the scheme that tiers are in.
    """

    tier_type: str
    pairs: tuple[Pair, ...]
    names: Mapping[str, str]
    attributes: Mapping[str, AttributeType] = field(default_factory=dict)
    links: Mapping[str, Sequence[Link]] = field(default_factory=dict)
    beside: Mapping[str, Sequence[Side]] = field(default_factory=dict)
    versions: tuple[int, ...] = ()
    colours: Mapping[str, str] = field(default_factory=dict)
    """Of labels by their ids."""
    together: Together | None = None
    scheme_id: str = ""
    """Of the tiers; empty where none was begun."""
    drift_limits: DriftLimits = field(default_factory=DriftLimits)
    """What is agreed in the project."""
    unsubmitted: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By session: whose tiers aren't submitted yet, so that figures may change."""
    several_tiers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By session: who has several tiers of the type there, which count together."""
    several_golds: frozenset[str] = frozenset()
    """The sessions of which several golds are submitted; the newest counts."""


@dataclass(frozen=True, slots=True)
class _Done:
    """What was annotated of one session: annotations and windows by annotator."""

    session: Session
    annotations: Mapping[AnnotatorId, tuple[Annotation, ...]]
    windows: Mapping[AnnotatorId, tuple[Interval, ...]]
    links: tuple[Link, ...]
    beside: tuple[Side, ...]
    versions: frozenset[tuple[SchemeId, int]]
    unsubmitted: frozenset[AnnotatorId]
    several_tiers: frozenset[AnnotatorId]
    several_golds: bool

    @property
    def duration_ns(self) -> int:
        """To the last annotation where the session's end isn't known."""
        ends = [each.end_ns or each.start_ns or 0 for marked in self.annotations.values() for each in marked]
        return self.session.duration_ns or max(ends, default=0)

    def shared(self, people: Sequence[AnnotatorId]) -> tuple[Interval, ...] | None:
        """The windows that all of them have, empty where that is the whole session; None where they share none.
        Nothing after the session's end is one, whatever was given before that was known.
        """
        given = [windows for each in people if (windows := self.windows.get(each))]
        if given and self.session.duration_ns:
            given.append((Interval(0, self.session.duration_ns),))
        found: tuple[Interval, ...] = ()
        for windows in given:
            found = common(found, windows)
            if not found:
                return None
        return found


def agreement(
    project: Project,
    tier_type: str,
    session_id: SessionId | None = None,
    annotators: Sequence[str] = (),
    span_utc_ns: tuple[int, int] | None = None,
) -> Agreement:
    """As `compared`. Raises WozError where no two annotated the same session."""
    found = compared(project, tier_type, session_id, annotators, span_utc_ns)
    if not found.pairs:
        raise nothing_shared(tier_type)
    return found


def nothing_shared(tier_type: str) -> WozError:
    return WozError(
        f"No two annotators have begun a tier of type {tier_type!r} in the same part of a session that you see;"
        " woz tiers lists what there is. Who is blind to others' work there sees no agreement on it."
    )


def compared(
    project: Project,
    tier_type: str,
    session_id: SessionId | None = None,
    annotators: Sequence[str] = (),
    span_utc_ns: tuple[int, int] | None = None,
    among: Collection[SessionId] | None = None,
) -> Agreement:
    """All pairs of annotators, or those named by pseudonym, in the order of names; "gold" is what was adjudicated.
    A tier type is named by its key, or as SCHEME/KEY where several schemes have one.

    Always of what they made themselves: gold is nobody's, one of a session, and a tier that was assigned and isn't
    begun no coding.
    `span_utc_ns` keeps to sessions recorded then, `among` to these. Raises WozError for an annotator that the
    project hasn't, and for a key alone where tiers of several schemes were begun.
    """
    people = {person.id: person.pseudonym for person in project.annotators.all()} | {_GOLD: GOLD}
    known = sorted(people.keys() - {_GOLD}, key=lambda i: people[i])
    wanted = [_GOLD if name == GOLD else project.annotators.named(name).id for name in annotators] or known
    sessions = [project.sessions.get(session_id)] if session_id else sorted(project.sessions.all(), key=_by_start)
    if span_utc_ns:
        sessions = [each for each in sessions if span_utc_ns[0] <= each.start_utc_ns < span_utc_ns[1]]
    if among is not None:
        sessions = [each for each in sessions if each.id in among]
    prefix, _, key = tier_type.rpartition("/")
    known_schemes = sorted(project.schemes.all(), key=lambda scheme: scheme.version)
    of = frozenset(scheme.id for scheme in known_schemes if prefix in ("", scheme.id, scheme.name))
    schemes = [scheme for scheme in known_schemes if scheme.id in of]
    done = [_done(project, session, key, of) for session in sessions]
    versions = {version for each in done for version in each.versions}
    begun = {scheme for scheme, _ in versions}
    _demand_one_scheme(key, begun)
    everybody = list(dict.fromkeys(wanted))
    pairs = [Pair(people[a], people[b], _doubled(done, a, b)) for a, b in combinations(everybody, 2)]
    found = tuple(pair for pair in pairs if pair.sessions)
    return Agreement(
        key,
        found,
        _names(schemes, key),
        _attributes(schemes, key),
        {each.session.id: each.links for each in done},
        {each.session.id: each.beside for each in done},
        tuple(sorted({version for _, version in versions})),
        {str(label.id): label.colour for each in _types(schemes, key) for label in each.labels},
        _together(done, {each: people[each] for each in everybody if each != _GOLD}, len(set(annotators) - {GOLD})),
        next(iter(begun), ""),
        project.keeping.drift_limits(),
        {each.session.id: frozenset(people.get(who, who) for who in each.unsubmitted) for each in done},
        {each.session.id: frozenset(people.get(who, who) for who in each.several_tiers) for each in done},
        frozenset(each.session.id for each in done if each.several_golds),
    )


def _demand_one_scheme(tier_type: str, schemes: Collection[SchemeId]) -> None:
    """Labels of several schemes aren't compared, also where they have the same ids."""
    if len(schemes) > 1:
        told = ", ".join(f"{scheme}/{tier_type}" for scheme in sorted(schemes))
        raise WozError(f"Tiers of type {tier_type} of several schemes were begun; name one: {told}.")


def _by_start(session: Session) -> tuple[int, str]:
    return session.start_utc_ns, session.id


def _done(project: Project, session: Session, tier_type: str, schemes: Iterable[SchemeId]) -> _Done:
    """Of several golds the newest counts, and none that is still made beside one that is submitted."""
    types = {(scheme, tier_type) for scheme in schemes}
    items = project.annotations.load(session.id)
    scopes = _blind_to_people(project, session)
    work = project.assignments.all(session.id)
    golds = golds_of(work)
    tiers = {item.id: item for item in items if isinstance(item, Tier)}
    marks = [item for item in items if isinstance(item, Annotation)]
    begun = {mark.tier_id for mark in marks}
    owners: dict[TierId, AnnotatorId] = {}
    for tier in tiers.values():
        if tier.state == TierState.ASSIGNED and tier.id not in begun:
            continue
        hidden = tier.annotator_id != project.viewer and any(covers(scope, tier.type_id) for scope in scopes)
        if tier.type_id in types and tier.annotator_id and not hidden:
            owners[tier.id] = _GOLD if tier.id in golds else tier.annotator_id
    made = [tiers[each.tier_id] for each in work if owners.get(each.tier_id) == _GOLD]
    counting = _counting(made)
    owners = {tier: whose for tier, whose in owners.items() if whose != _GOLD or tier in counting}
    found: dict[AnnotatorId, list[Annotation]] = {owner: [] for owner in owners.values()}
    for mark in marks:
        if mark.tier_id in owners:
            found[owners[mark.tier_id]].append(mark)
    coded = windows_coded(project, session.id, [tiers[each] for each in owners], work) if len(owners) > 1 else {}
    windows = {owner: coded[tier] for tier, owner in owners.items() if tier in coded}
    links = tuple(item for item in items if isinstance(item, Link) and item.type != DROPPED)
    others = [tier for tier in tiers.values() if tier.type_id not in types] if links else []
    return _Done(
        session,
        {who: tuple(marked) for who, marked in found.items()},
        windows,
        links,
        sides_of(others, marks),
        frozenset((tiers[tier].scheme_id, tiers[tier].scheme_version) for tier in owners),
        frozenset(whose for tier, whose in owners.items() if tiers[tier].state in OPEN),
        frozenset(whose for whose, count in Counter(owners.values()).items() if count > 1),
        max(Counter(each.type_id for each in made if each.state not in OPEN).values(), default=0) > 1,
    )


def _counting(golds: Iterable[Tier]) -> set[TierId]:
    """Of those of a type the last that is submitted, else the last."""
    by_type = {each.type_id: each.id for each in sorted(golds, key=lambda gold: gold.state not in OPEN)}
    return set(by_type.values())


def _blind_to_people(project: Project, session: Session) -> list[BlindScope]:
    """Where whoever reads the project doesn't see all that others marked, so that what they see is none of their
    agreement.
    """
    return [
        scope
        for scope in (project.annotators.scopes(session.id) if project.viewer else ())
        if scope.annotator_id == project.viewer and scope.to != BlindTo.MACHINES
    ]


def _doubled(done: Sequence[_Done], one: AnnotatorId, other: AnnotatorId) -> tuple[Doubled, ...]:
    found = []
    for each in done:
        if one in each.annotations and other in each.annotations:
            windows, both = each.shared((one, other)), (each.annotations[one], each.annotations[other])
            if windows is not None:
                found.append(Doubled(each.session.id, each.duration_ns, both, windows))
    return tuple(found)


def _together(done: Sequence[_Done], people: Mapping[AnnotatorId, str], least: int) -> Together | None:
    """Over the sessions that at least so many have whole, or windows that all of these share."""
    rooms = []
    for each in done:
        there = [who for who in people if who in each.annotations]
        windows = each.shared(there)
        if len(there) < max(3, least) or windows is None:
            continue
        shared = windows or (Interval(0, each.duration_ns),)
        names = tuple(people[who] for who in there)
        rooms.append(Shared(each.session.id, names, tuple(each.annotations[who] for who in there), shared))
    return Together(tuple(rooms), several_agree(rooms)) if rooms else None


def _types(schemes: Sequence[Scheme], tier_type: str) -> list[TierType]:
    """In all versions, the newest last."""
    return [each for scheme in schemes for each in scheme.tier_types if each.key == tier_type]


def _names(schemes: Sequence[Scheme], tier_type: str) -> dict[str, str]:
    return {str(label.id): label.name() for each in _types(schemes, tier_type) for label in each.labels}


def _attributes(schemes: Sequence[Scheme], tier_type: str) -> dict[str, AttributeType]:
    """Of the tier type and of its labels, in their newest version."""
    types = _types(schemes, tier_type)
    of_labels = {a.key: a for each in types for label in each.labels for a in label.attributes}
    return of_labels | {a.key: a for each in types for a in each.attributes}
