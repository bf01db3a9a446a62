"""How far the annotators of a project agree: pairs of them, over the sessions that both annotated; so do machines
and single tiers that are named.
"""

from __future__ import annotations

from collections import Counter, defaultdict
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
from woz.annotation.proposals.drafts import as_drafted, is_draft
from woz.annotation.tier_states import OPEN
from woz.annotation.windows import common, merged
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.lab.coders import GOLD, Coders, newest_runs
from woz.lab.ports import Project
from woz.lab.session_windows import golds_of, windows_coded
from woz.model.annotation import Annotation
from woz.model.annotator import BlindScope, BlindTo
from woz.model.ids import AnnotatorId, SchemeId, SessionId, TierId
from woz.model.link import Link
from woz.model.scheme import AttributeType, Scheme, TierType
from woz.model.session import Session
from woz.model.tier import Tier, TierState


@dataclass(frozen=True, slots=True)
class Pair:
    """Two of those who are compared, as they are called, and the sessions that both annotated."""

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
    tiers: Mapping[str, Mapping[str, tuple[TierId, ...]]] = field(default_factory=dict)
    """By session: the tiers of each who is compared there; several count together."""
    several_golds: frozenset[str] = frozenset()
    """The sessions of which several golds are submitted; the newest counts."""
    several_runs: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By session: which machines made tiers of the type there several times; those of the last time count."""


@dataclass(frozen=True, slots=True)
class _Done:
    """What was annotated of one session: tiers, annotations and windows by the name of who is compared."""

    session: Session
    tiers: Mapping[str, tuple[Tier, ...]]
    annotations: Mapping[str, tuple[Annotation, ...]]
    windows: Mapping[str, tuple[Interval, ...]]
    links: tuple[Link, ...]
    beside: tuple[Side, ...]
    several_golds: bool
    several_runs: frozenset[str]

    @property
    def versions(self) -> set[tuple[SchemeId, int]]:
        return {(tier.scheme_id, tier.scheme_version) for made in self.tiers.values() for tier in made}

    @property
    def unsubmitted(self) -> list[str]:
        """A machine submits nothing."""
        return [
            who
            for who, made in self.tiers.items()
            if any(tier.annotator_id and tier.state in OPEN for tier in made)
        ]

    @property
    def duration_ns(self) -> int:
        """To the last annotation where the session's end isn't known."""
        ends = [each.end_ns or each.start_ns or 0 for marked in self.annotations.values() for each in marked]
        return self.session.duration_ns or max(ends, default=0)

    def shared(self, people: Sequence[str]) -> tuple[Interval, ...] | None:
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
    """All pairs of annotators, or of those named, in the order of names: by pseudonym, "gold" for what was
    adjudicated, the name of a machine, or a tier's id. A tier that is named counts for itself, and not as its
    maker's. A tier type is named by its key, or as SCHEME/KEY where several schemes have one.

    Always of what they made themselves: gold is nobody's, one of a session, a tier that was assigned and isn't
    begun no coding, and a machine's draft is as it was drafted, whatever was taken from it since.
    `span_utc_ns` keeps to sessions recorded then, `among` to these. Raises WozError for a name that nobody and
    nothing has there, and for a key alone where tiers of several schemes were begun.
    """
    coders = Coders.of(project, annotators)
    sessions = [project.sessions.get(session_id)] if session_id else sorted(project.sessions.all(), key=_by_start)
    if span_utc_ns:
        sessions = [each for each in sessions if span_utc_ns[0] <= each.start_utc_ns < span_utc_ns[1]]
    if among is not None:
        sessions = [each for each in sessions if each.id in among]
    prefix, _, key = tier_type.rpartition("/")
    known_schemes = sorted(project.schemes.all(), key=lambda scheme: scheme.version)
    of = frozenset(scheme.id for scheme in known_schemes if prefix in ("", scheme.id, scheme.name))
    schemes = [scheme for scheme in known_schemes if scheme.id in of]
    done = [_done(project, session, key, of, coders) for session in sessions]
    there = {who: made for each in done for who, made in each.tiers.items()}
    coders.demand(there, annotators, tier_type)
    versions = {version for each in done for version in each.versions}
    begun = {scheme for scheme, _ in versions}
    _demand_one_scheme(key, begun)
    everybody = list(dict.fromkeys(annotators)) or sorted(coders.people.values())
    told = coders.shown({tier.id: tier for made in there.values() for tier in made if tier.id in coders.named})
    called = {who: told.get(who, who) for who in (*everybody, *there)}
    pairs = [Pair(called[a], called[b], _doubled(done, a, b)) for a, b in combinations(everybody, 2)]
    found = tuple(pair for pair in pairs if pair.sessions)
    coding = {who: called[who] for who in everybody if who != GOLD}
    return Agreement(
        key,
        found,
        _names(schemes, key),
        _attributes(schemes, key),
        {each.session.id: each.links for each in done},
        {each.session.id: each.beside for each in done},
        tuple(sorted({version for _, version in versions})),
        {str(label.id): label.colour for each in _types(schemes, key) for label in each.labels},
        _together(done, coding, len(set(annotators) - {GOLD})),
        next(iter(begun), ""),
        project.keeping.drift_limits(),
        {each.session.id: frozenset(called[who] for who in each.unsubmitted) for each in done},
        {
            each.session.id: {called[who]: tuple(tier.id for tier in made) for who, made in each.tiers.items()}
            for each in done
        },
        frozenset(each.session.id for each in done if each.several_golds),
        {each.session.id: each.several_runs for each in done},
    )


def _demand_one_scheme(tier_type: str, schemes: Collection[SchemeId]) -> None:
    """Labels of several schemes aren't compared, also where they have the same ids."""
    if len(schemes) > 1:
        told = ", ".join(f"{scheme}/{tier_type}" for scheme in sorted(schemes))
        raise WozError(f"Tiers of type {tier_type} of several schemes were begun; name one: {told}.")


def _by_start(session: Session) -> tuple[int, str]:
    return session.start_utc_ns, session.id


def _done(project: Project, session: Session, tier_type: str, schemes: Iterable[SchemeId], coders: Coders) -> _Done:
    """Of several golds the newest counts, and none that is still made beside one that is submitted."""
    types = {(scheme, tier_type) for scheme in schemes}
    items = project.annotations.load(session.id)
    work = project.assignments.all(session.id)
    golds = golds_of(work)
    tiers = {item.id: item for item in items if isinstance(item, Tier)}
    marks = [item for item in items if isinstance(item, Annotation)]
    begun, given = {mark.tier_id for mark in marks}, {each.tier_id for each in work} - golds
    owners: dict[TierId, str] = {}
    for tier in _shown_to(project, session, (each for each in tiers.values() if each.type_id in types)):
        whose = coders.whose(tier, tier.id in golds)
        waits = tier.state == TierState.ASSIGNED or (tier.state == TierState.IN_WORK and tier.id in given)
        if whose and (not waits or tier.id in begun):
            owners[tier.id] = whose
    made = [tiers[each.tier_id] for each in work if owners.get(each.tier_id) == GOLD]
    drafted = [tiers[each] for each, who in owners.items() if not tiers[each].annotator_id and who != each]
    newest, several_runs = newest_runs(drafted)
    left_out = {each.id for each in (*made, *drafted)} - _counting(made) - newest
    owners = {tier: whose for tier, whose in owners.items() if tier not in left_out}
    by: dict[str, list[Tier]] = defaultdict(list)
    for tier_id, whose in owners.items():
        by[whose].append(tiers[tier_id])
    coded = windows_coded(project, session.id, [tiers[each] for each in owners], work) if len(owners) > 1 else {}
    links = tuple(item for item in items if isinstance(item, Link) and item.type != DROPPED)
    others = [tier for tier in tiers.values() if tier.type_id not in types] if links else []
    return _Done(
        session,
        {who: tuple(own) for who, own in by.items()},
        _marked(project, session, by, marks),
        {who: merged(window for each in own for window in coded.get(each.id, ())) for who, own in by.items()},
        links,
        sides_of(others, marks),
        max(Counter(each.type_id for each in made if each.state not in OPEN).values(), default=0) > 1,
        several_runs,
    )


def _marked(
    project: Project, session: Session, by: Mapping[str, Sequence[Tier]], marks: Iterable[Annotation]
) -> dict[str, tuple[Annotation, ...]]:
    """By who is compared; of machines' drafts as they were drafted."""
    within: dict[TierId, list[Annotation]] = {tier.id: [] for own in by.values() for tier in own}
    for mark in marks:
        if mark.tier_id in within:
            within[mark.tier_id].append(mark)
    drafts = [tier for own in by.values() for tier in own if is_draft(tier)]
    history = project.annotations.history(session.id) if drafts else []
    for draft in drafts:
        within[draft.id] = as_drafted(draft, within[draft.id], history)
    return {who: tuple(mark for tier in own for mark in within[tier.id]) for who, own in by.items()}


def _counting(golds: Iterable[Tier]) -> set[TierId]:
    """Of those of a type the last that is submitted, else the last."""
    by_type = {each.type_id: each.id for each in sorted(golds, key=lambda gold: gold.state not in OPEN)}
    return set(by_type.values())


def _shown_to(project: Project, session: Session, tiers: Iterable[Tier]) -> list[Tier]:
    """Those of which whoever reads the project sees all that others, or machines, marked: what they see of the rest
    is no coding. Their own are.
    """
    scopes = [
        scope
        for scope in (project.annotators.scopes(session.id) if project.viewer else ())
        if scope.annotator_id == project.viewer
    ]
    return [each for each in tiers if not any(_hides(scope, each, project.viewer) for scope in scopes)]


def _hides(scope: BlindScope, tier: Tier, viewer: AnnotatorId | None) -> bool:
    seen = BlindTo.MACHINES if tier.annotator_id else BlindTo.PEOPLE
    return tier.annotator_id != viewer and scope.to != seen and covers(scope, tier.type_id)


def _doubled(done: Sequence[_Done], one: str, other: str) -> tuple[Doubled, ...]:
    found = []
    for each in done:
        if one in each.annotations and other in each.annotations:
            windows, both = each.shared((one, other)), (each.annotations[one], each.annotations[other])
            if windows is not None:
                found.append(Doubled(each.session.id, each.duration_ns, both, windows))
    return tuple(found)


def _together(done: Sequence[_Done], people: Mapping[str, str], least: int) -> Together | None:
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
