"""What an adjudicator works on: the tiers of a session that were submitted, and the gold that they make of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import asdict, dataclass, replace
from typing import Any

from woz.annotation.adjudication.clusters import Side, sides_of
from woz.annotation.adjudication.ends import linked_by
from woz.annotation.adjudication.origins import OWN, origins
from woz.annotation.adjudication.state import Adjudication
from woz.annotation.blindness import TypeId
from woz.annotation.tier_states import KEEPERS, OPEN
from woz.base.clock import Clock
from woz.base.commands import quoted
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.lab.after_gold import after_gold
from woz.lab.assigning import Order, assign, planned_tier
from woz.lab.coders import with_ids
from woz.lab.item_names import pseudonyms
from woz.lab.ports import Project
from woz.lab.schemes import types_meant
from woz.model.annotation import Annotation
from woz.model.annotator import Annotator
from woz.model.assignment import Assignment, Part
from woz.model.ids import SchemeId, SessionId, TierId
from woz.model.kinds import Item
from woz.model.link import Link
from woz.model.scheme import Overlap
from woz.model.tier import Tier

TOLERANCE_NS = 500_000_000


@dataclass(frozen=True, slots=True)
class Source:
    """One annotator's tier, what it is called beside the others, and where they were asked to annotate."""

    name: str
    tier: TierId
    windows: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Which tiers lie side by side, and which one is the gold; `planned` is that where nobody has it yet. `overlap`
    is what the scheme allows in it.
    """

    session_id: SessionId
    tier_type: str
    sources: tuple[Source, ...]
    gold: TierId
    tolerance_ns: int
    planned: Tier | None = None
    overlap: Overlap = Overlap.NONE

    def state(self, items: Iterable[Item]) -> Adjudication:
        """How far it is by the items of the session as they are."""
        planned = (self.planned,) if self.planned else ()
        tiers = {each.id: each for each in (*planned, *items) if isinstance(each, Tier)}
        marks = [each for each in items if isinstance(each, Annotation)]
        links = [each for each in items if isinstance(each, Link)]
        if self.gold not in tiers:
            raise WozError("The gold tier was taken away by somebody else; assign it anew.")
        sides = [
            Side(each.name, tiers[each.tier], tuple(m for m in marks if m.tier_id == each.tier), each.windows)
            for each in self.sources
            if each.tier in tiers
        ]
        gold, own = (each for each in marks if each.tier_id == self.gold), tiers[self.gold].type_id
        others = [tier for tier in tiers.values() if tier.type_id != own] if links else []
        beside = sides_of(others, marks)
        return Adjudication.of(sides, tiers[self.gold], gold, links, self.tolerance_ns, beside, self.overlap)


def table(
    project: Project,
    session_id: SessionId,
    tier_type: str,
    person: Annotator,
    clock: Clock,
    tolerance_ns: int = TOLERANCE_NS,
) -> Table:
    """Who may assign gets a gold tier where nobody has one yet.

    Raises WozError where fewer than two have submitted theirs, and where the adjudication isn't this person's.
    """
    with project.at_once():
        laid = _laid(project, session_id, tier_type, person)
        gold = laid.gold_of(person)
        if gold is None and laid.golds:
            raise WozError(_of_another(project, laid, person))
        made = gold.tier_id if gold else assign(project, session_id, laid.order(person), clock).tier_id
    return laid.table(project, made, tolerance_ns)


def looked_at(
    project: Project,
    session_id: SessionId,
    tier_type: str,
    person: Annotator,
    clock: Clock,
    tolerance_ns: int = TOLERANCE_NS,
) -> Table:
    """How far it is, and nothing is changed: by the person's own gold, else by the first that somebody has.

    Raises WozError as `table` does, and for who doesn't see what others did there.
    """
    laid = _laid(project, session_id, tier_type, person)
    if mine := laid.gold_of(person):
        return laid.table(project, mine.tier_id, tolerance_ns)
    _demand_seeing(project, laid, person)
    if laid.golds:
        return laid.table(project, laid.golds[0].tier_id, tolerance_ns)
    planned = planned_tier(project, session_id, laid.order(person), clock)
    return replace(laid.table(project, planned.id, tolerance_ns), planned=planned)


@dataclass(frozen=True, slots=True)
class _Laid:
    """What was submitted of a tier type, and the work on its gold."""

    session_id: SessionId
    tiers: tuple[Tier, ...]
    golds: tuple[Assignment, ...]
    windows: Mapping[TierId, tuple[Interval, ...]]

    @property
    def type_id(self) -> tuple[SchemeId, str]:
        return self.tiers[0].type_id

    def gold_of(self, person: Annotator) -> Assignment | None:
        return next((each for each in self.golds if each.annotator_id == person.id), None)

    def order(self, person: Annotator) -> Order:
        return Order("/".join(self.type_id), person, person, Part.ADJUDICATOR)

    def table(self, project: Project, gold: TierId, tolerance_ns: int) -> Table:
        names = self._names(pseudonyms(project))
        sources = tuple(
            Source(names[tier.id], tier.id, self.windows.get(tier.id, ()))
            for tier in sorted(self.tiers, key=lambda tier: (names[tier.id], tier.id))
        )
        return Table(self.session_id, self.type_id[1], sources, gold, tolerance_ns, overlap=self._overlap(project))

    def _names(self, people: Mapping[str, str]) -> dict[str, str]:
        """Of tiers by id: whose each is, and which one where somebody has several."""
        whose = {str(tier.id): people.get(str(tier.annotator_id), "?") for tier in self.tiers}
        counts = Counter(whose.values())
        return whose | with_ids({tier: who for tier, who in whose.items() if counts[who] > 1})

    def _overlap(self, project: Project) -> Overlap:
        """By the version in which a gold is begun."""
        scheme_id, key = self.type_id
        version = max(each.scheme_version for each in self.tiers)
        schemes = {(each.id, each.version): each for each in project.schemes.all()}
        known = schemes.get((scheme_id, version))
        return known.tier_type(key).overlap if known else Overlap.ANY


def _laid(project: Project, session_id: SessionId, tier_type: str, person: Annotator) -> _Laid:
    """Of all that is there, also what this person doesn't see yet, without those who are measured by the gold.
    Raises WozError where fewer than two have submitted theirs, and, before anything is told of what there is, for
    who isn't its adjudicator nor may be.
    """
    project = project.whole()
    work = project.assignments.all(session_id)
    gold_ids = {each.tier_id for each in work if each.part == Part.ADJUDICATOR}
    tiers = {each.id: each for each in project.annotations.load(session_id) if isinstance(each, Tier)}
    golds = [each for each in work if each.tier_id in gold_ids & tiers.keys()]
    mine = {tiers[each.tier_id].type_id for each in golds if each.annotator_id == person.id}
    _demand_adjudicator(project, session_id, tier_type, person, mine & types_meant(project, tier_type))
    apart = gold_ids | after_gold(project, tiers.values(), gold_ids)
    coded = _coded(project, session_id, tier_type, [t for t in tiers.values() if t.id not in apart])
    if waiting := [each for each in coded if each.state in OPEN]:
        raise WozError(_waiting_words(project, session_id, waiting, person))
    type_id = coded[0].type_id
    _demand_adjudicator(project, session_id, tier_type, person, mine & {type_id})
    own = tuple(each for each in golds if tiers[each.tier_id].type_id == type_id)
    return _Laid(session_id, tuple(coded), own, project.assignments.given(session_id))


def _demand_adjudicator(
    project: Project, session_id: SessionId, tier_type: str, person: Annotator, golds: Set[TypeId]
) -> None:
    """Raises WozError for who neither has a gold there, of the types `golds`, nor may make one."""
    if not golds and not KEEPERS & set(person.roles):
        raise WozError(
            f"{person.pseudonym} is not the adjudicator of {tier_type} in {session_id}; have a curator or a manager"
            f" assign it: woz assign {quoted(project.path)} PSEUDONYM --part adjudicator."
        )


def _of_another(project: Project, laid: _Laid, person: Annotator) -> str:
    whose = pseudonyms(project).get(laid.golds[0].annotator_id, "Somebody")
    (_, key), session = laid.type_id, laid.session_id
    return (
        f"{whose} has the gold of {key} in {session} already, and of two the newest that is submitted would count."
        f" woz adjudicate --json tells how far it is; who is to make a second one is named by woz assign"
        f" {quoted(project.path)} {person.pseudonym} --part adjudicator."
    )


def _demand_seeing(project: Project, laid: _Laid, person: Annotator) -> None:
    """Raises WozError for who doesn't see all that was submitted."""
    ids = {tier.id for tier in laid.tiers}
    marks, seen = (
        {each.id for each in items if isinstance(each, Annotation) and each.tier_id in ids}
        for items in (
            project.whole().annotations.load(laid.session_id),
            project.seen_by(person.id).annotations.load(laid.session_id),
        )
    )
    if marks - seen:
        raise WozError(
            f"{person.pseudonym} doesn't see what others did of {laid.type_id[1]} in {laid.session_id}. Whoever"
            f" adjudicates it does: woz assign {quoted(project.path)} PSEUDONYM --part adjudicator."
        )


def _coded(project: Project, session_id: SessionId, tier_type: str, tiers: Iterable[Tier]) -> list[Tier]:
    """Annotators' tiers of the one scheme of which two at least have such a type."""
    key, meant = tier_type.rpartition("/")[2], types_meant(project, tier_type)
    coded: dict[SchemeId, list[Tier]] = {}
    for each in tiers:
        if each.annotator_id and each.type_id in meant:
            coded.setdefault(each.scheme_id, []).append(each)
    most = max(map(len, coded.values()), default=0)
    if most < 2:
        raise WozError(
            f"{session_id} has {most or 'no'} tier{'s' if most != 1 else ''} of the type {tier_type} by"
            " annotators; two at least are adjudicated. woz assign gives a second one."
        )
    several = [scheme for scheme, own in coded.items() if len(own) > 1]
    if len(several) > 1:
        told = ", ".join(f"{scheme}/{key}" for scheme in sorted(several))
        raise WozError(f"{session_id} has tiers of the type {key} of several schemes; name one: {told}.")
    return coded[several[0]]


def _waiting_words(project: Project, session_id: SessionId, tiers: Sequence[Tier], person: Annotator) -> str:
    """Whose work isn't submitted yet, and how that of somebody who does no more of it is closed."""
    names = pseudonyms(project)
    told = ", ".join(f"{names.get(str(each.annotator_id), '?')}'s {each.name} ({each.state})" for each in tiers)
    named = f"--session {quoted(session_id)} --tier {tiers[0].id} --annotator {person.pseudonym}"
    move = f"woz tiers {quoted(project.path)} {named} --move"
    return (
        f"Not all have submitted theirs yet: {told}. What somebody won't finish, as who has left, is closed as it"
        f" is by {move} returned --why WORDS, then {move} submitted."
    )


def table_facts(project: Project, found: Table) -> dict[str, Any]:
    """For programs: what is open, and from whom each gold boundary and link came."""
    state = found.state(project.annotations.load(found.session_id))
    return {
        "session": found.session_id,
        "tier_type": found.tier_type,
        "sides": [each.name for each in found.sources],
        "matters": len(state.matters),
        "open": len(state.open),
        "agreed_to_take": state.to_take,
        "gold": [
            {"id": each.id, "start_ns": each.start_ns, "end_ns": each.end_ns, "label": each.label}
            | {"from": asdict(origins(each, state.sides))}
            for each in state.marks
        ],
        "links": [
            {"id": link.id, "type": link.type, "source": asdict(link.source), "target": asdict(link.target)}
            | {"from": linked_by(link, cluster, state.sides, state.ends) or OWN}
            for cluster in state.clusters
            if (gold := state.gold_of(cluster))
            for link in state.ends.of(gold).values()
        ],
    }
