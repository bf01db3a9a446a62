"""What an adjudicator works on: the tiers of a session that were submitted, and the gold that they make of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from woz.annotation.adjudication.clusters import MatterKind, Side, sides_of
from woz.annotation.adjudication.ends import linked_by
from woz.annotation.adjudication.origins import OWN, Changed, changed, origins
from woz.annotation.adjudication.state import Adjudication
from woz.annotation.tier_states import KEEPERS, OPEN
from woz.base.clock import Clock
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.lab.assigning import Order, assign
from woz.lab.item_names import ItemNames, names_of, pseudonyms
from woz.lab.ports import Project
from woz.model.annotation import Annotation
from woz.model.annotator import Annotator
from woz.model.assignment import Part
from woz.model.ids import SessionId, TierId
from woz.model.kinds import Item
from woz.model.link import Link
from woz.model.scheme import named
from woz.model.tier import Tier

TOLERANCE_NS = 500_000_000


@dataclass(frozen=True, slots=True)
class Source:
    """One annotator's tier, and where they were asked to annotate."""

    name: str
    tier: TierId
    windows: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Which tiers lie side by side, and which one is the gold."""

    session_id: SessionId
    tier_type: str
    sources: tuple[Source, ...]
    gold: TierId
    tolerance_ns: int

    def state(self, items: Iterable[Item]) -> Adjudication:
        """How far it is by the items of the session as they are."""
        tiers = {each.id: each for each in items if isinstance(each, Tier)}
        marks = [each for each in items if isinstance(each, Annotation)]
        links = [each for each in items if isinstance(each, Link)]
        if self.gold not in tiers:
            raise WozError("The gold tier was taken away by somebody else; assign it anew.")
        sides = [
            Side(each.name, tiers[each.tier], tuple(m for m in marks if m.tier_id == each.tier), each.windows)
            for each in self.sources
            if each.tier in tiers
        ]
        gold = (each for each in marks if each.tier_id == self.gold)
        others = [tier for tier in tiers.values() if tier.tier_type != self.tier_type] if links else []
        beside = sides_of(others, marks)
        return Adjudication.of(sides, tiers[self.gold], gold, links, self.tolerance_ns, beside)


def table(
    project: Project,
    session_id: SessionId,
    tier_type: str,
    person: Annotator,
    clock: Clock,
    tolerance_ns: int = TOLERANCE_NS,
) -> Table:
    """Who may assign gets a gold tier where there is none yet.

    Raises WozError where fewer than two have submitted theirs, and where the adjudication isn't this person's.
    """
    work = project.assignments.all(session_id)
    windows = {each.tier_id: each.windows for each in work}
    golds = {each.tier_id for each in work if each.part == Part.ADJUDICATOR}
    sources = _submitted(project, session_id, tier_type, golds)
    key = tier_type.rpartition("/")[2]
    own = [each for each in work if each.tier_id in golds and each.tier_type == key]
    mine = next((each for each in own if each.annotator_id == person.id), None)
    if mine is None and not KEEPERS & set(person.roles):
        raise WozError(
            f"{person.pseudonym} is not the adjudicator of {tier_type} in {session_id}; have a curator or a manager"
            " assign it: woz assign PROJECT PSEUDONYM --part adjudicator."
        )
    if mine is None:
        order = Order(f"{sources[0].scheme_id}/{key}", person, person, Part.ADJUDICATOR)
        mine = assign(project, session_id, order, clock)
    names = pseudonyms(project)
    found = tuple(
        Source(names.get(str(tier.annotator_id), "?"), tier.id, windows.get(tier.id, ()))
        for tier in sorted(sources, key=lambda tier: (names.get(str(tier.annotator_id), ""), tier.id))
    )
    return Table(session_id, key, found, mine.tier_id, tolerance_ns)


def _submitted(project: Project, session_id: SessionId, tier_type: str, golds: set[TierId]) -> list[Tier]:
    key = tier_type.rpartition("/")[2]
    items = project.annotations.load(session_id)
    coded = [
        each
        for each in items
        if isinstance(each, Tier) and each.tier_type == key and each.annotator_id and each.id not in golds
    ]
    if len(coded) < 2:
        raise WozError(
            f"{session_id} has {len(coded) or 'no'} tier{'s' if len(coded) != 1 else ''} of the type {key} by"
            " annotators; two at least are adjudicated. woz assign gives a second one."
        )
    open_ = [each for each in coded if each.state in OPEN]
    if open_:
        told = ", ".join(f"{each.name} ({each.state})" for each in open_)
        raise WozError(f"Not all have submitted theirs yet: {told}.")
    return coded


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


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """What adjudication changed of somebody's tier in one session."""

    session_id: SessionId
    tier_type: str
    changes: tuple[Changed, ...]


def changes_of(project: Project, person: Annotator, tolerance_ns: int = 0) -> list[ChangedLine]:
    """For an annotator, by session; only where the gold is submitted, so that nothing is told while it is made."""
    lines = []
    for session in project.sessions.all():
        work = project.assignments.all(session.id)
        golds = {each.tier_id for each in work if each.part == Part.ADJUDICATOR}
        items = project.annotations.load(session.id)
        tiers = [each for each in items if isinstance(each, Tier)]
        ready = [each for each in tiers if each.id in golds and each.state not in OPEN]
        for gold in ready:
            own = [t for t in tiers if t.annotator_id == person.id and t.tier_type == gold.tier_type]
            own = [t for t in own if t.id not in golds]
            if own:
                lines.append(_line(session.id, items, own[0], gold, tolerance_ns))
    return [line for line in lines if line.changes]


def _line(session_id: SessionId, items: Sequence[Item], own: Tier, gold: Tier, tolerance_ns: int) -> ChangedLine:
    marks = [each for each in items if isinstance(each, Annotation)]
    links = [each for each in items if isinstance(each, Link)]
    mine = [each for each in marks if each.tier_id == own.id]
    made = [each for each in marks if each.tier_id == gold.id]
    return ChangedLine(session_id, gold.tier_type, tuple(changed(mine, made, links, tolerance_ns)))


def changes_words(project: Project, lines: Sequence[ChangedLine]) -> list[str]:
    """As "7 of yours were changed", and a line for each."""
    schemes = project.schemes.all()
    items = [item for line in lines for each in line.changes for item in (each.mark, each.gold)]
    names = names_of(project, items)
    links = {
        f"{MatterKind.LINK} {each.key}": f"other links “{named(each.names, 'en', each.key)}”"
        for scheme in schemes
        for each in scheme.links
    }
    told = []
    for line in lines:
        yours = sum(each.mark is not None for each in line.changes)
        missed = len(line.changes) - yours
        parts = [f"{yours} of yours {'was' if yours == 1 else 'were'} changed"] if yours else []
        parts += [f"{missed} {'was' if missed == 1 else 'were'} missed"] if missed else []
        told.append(f"{line.session_id}  {line.tier_type}: {', '.join(parts)}")
        told += [f"  {_changed_words(each, names, links)}" for each in line.changes]
    return told


def _changed_words(each: Changed, names: ItemNames, links: dict[str, str]) -> str:
    there = each.mark or each.gold
    assert there
    at = "" if there.start_ns is None else f"{there.start_ns / 1e9:8.1f} s  "
    label = names.of(there).get(there.label, there.label)
    now = names.of(each.gold).get(each.gold.label, each.gold.label) if each.gold else ""
    what = [f"now {now}" if word == "label" else links.get(word, word) for word in each.what]
    return f"{at}{label}: {'; '.join(what)}"
