"""Work is given to people: a tier type of a session, whole or in windows, for one to fill on their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from woz.annotation.blindness import TypeId, covers, without
from woz.annotation.edits import Edit
from woz.annotation.tier_states import KEEPERS, OPEN, may_assign
from woz.annotation.windows import WINDOW_NS, common, drawn_windows, window_words
from woz.base.clock import Clock
from woz.base.commands import quoted
from woz.base.errors import WozError
from woz.base.interval import Interval, seconds
from woz.lab.ports import Project
from woz.lab.schemes import type_named
from woz.model.annotation import Annotation
from woz.model.annotator import ANY_SCHEME, Annotator, BlindScope, BlindTo
from woz.model.assignment import Assignment, Part
from woz.model.ids import AnnotatorId, AssignmentId, BlindScopeId, SchemeId, SessionId, TierId, new_id
from woz.model.item import ItemRef, ref_to
from woz.model.kinds import Item
from woz.model.link import Link
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.own_schemes import CONVERSATION, FREE, steps_scheme
from woz.model.scheme import Scheme
from woz.model.session import Session
from woz.model.tier import Tier, TierState


@dataclass(frozen=True, slots=True)
class Draw:
    """A share (0 to 1) of each session, drawn by a seed, in windows of about this length."""

    share: float
    seed: int = 0
    window_ns: int = WINDOW_NS

    def windows(self, session_id: SessionId, tier_type: str, duration_ns: int) -> tuple[Interval, ...]:
        return drawn_windows(duration_ns, self.share, f"{self.seed}/{session_id}/{tier_type}", self.window_ns)

    def __str__(self) -> str:
        return f"{100 * self.share:g} of 100, seed {self.seed}"


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody shall do. `wanted` is a tier type's key, as SCHEME/KEY where several schemes have it.

    `windows` by hand, or a `draw`; the whole session without either. `blind` is what they don't see meanwhile of
    others' tiers of the type; None as is usual for the part.
    """

    wanted: str
    whose: Annotator
    assigner: Annotator
    part: Part = Part.FIRST
    windows: tuple[Interval, ...] = ()
    draw: Draw | None = None
    blind: BlindTo | None = None
    see_all: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of an order in one session: the assignment, or why there is none."""

    session_id: SessionId
    assignment: Assignment | None
    refused: str = ""


_Spans = tuple[Interval | None, ...]
"""Windows of a session; None is the whole of it."""


@dataclass(frozen=True, slots=True)
class _Plan:
    assignment: Assignment
    edit: Edit
    hides: list[BlindScope] = field(default_factory=list)
    lifts: list[BlindScopeId] = field(default_factory=list)


def assign_all(
    project: Project, session_ids: Sequence[SessionId], order: Order, clock: Clock, dry_run: bool = False
) -> list[Answered]:
    """The order carried out in each session by itself; with `dry_run` nothing is changed.

    Raises WozError for what holds for all of them: no such tier type, or who may not assign.
    """
    type_named(project, order.wanted)
    may_assign(order.assigner, order.whose, order.part)
    answers = []
    for session_id in session_ids:
        try:
            wanted = (project, session_id, order, clock)
            kept = _planned(*wanted).assignment if dry_run else _given(*wanted)
            answers.append(Answered(session_id, kept))
        except WozError as error:
            answers.append(Answered(session_id, None, str(error)))
    return answers


def assign(project: Project, session_id: SessionId, order: Order, clock: Clock) -> Assignment:
    """Raises WozError where there is no such type, who may not assign, or where they have such a tier already."""
    may_assign(order.assigner, order.whose, order.part)
    return _given(project, session_id, order, clock)


def planned_tier(project: Project, session_id: SessionId, order: Order, clock: Clock) -> Tier:
    """The new tier that `assign` would make; nothing is changed. Raises WozError as that does."""
    may_assign(order.assigner, order.whose, order.part)
    (tier,) = _planned(project, session_id, order, clock).edit.after
    assert isinstance(tier, Tier)
    return tier


def take_back(project: Project, assignment_id: str, by: Annotator) -> None:
    """It no longer holds; an empty tier goes too, what was done in one stays. Scopes stay until they are lifted;
    who was to adjudicate counts on as one who saw what others did.

    Raises WozError where there is no such assignment, who may not assign, and for a gold that holds something or is
    submitted.
    """
    if not KEEPERS & set(by.roles):
        raise WozError(f"Only a curator or a manager may take work back, and {by.pseudonym} is not; ask one to.")
    project = project.seen_by(by.id).whole()
    with project.at_once():
        found = next((each for each in project.assignments.all() if each.id == assignment_id), None)
        if found is None:
            raise WozError(f"There is no assignment {assignment_id}; woz assign {quoted(project.path)} lists them.")
        items = project.annotations.load(found.session_id)
        tier = next((each for each in items if isinstance(each, Tier) and each.id == found.tier_id), None)
        unbegun = tier and tier.state in OPEN and not _in_tier(tier, items)
        if found.part == Part.ADJUDICATOR and tier and not unbegun:
            raise WozError(
                f"{tier.name} of {found.session_id} holds what was decided or is submitted, and would count as"
                f" somebody's own coding: it stays the gold. woz assign {quoted(project.path)} PSEUDONYM --part"
                " adjudicator names who makes another one."
            )
        if tier and unbegun:
            project.annotations.record(found.session_id, Edit(f"Take {tier.name} back", (tier,), ()), by.id)
        project.assignments.remove(found.id)


def _in_tier(tier: Tier, items: Iterable[Item]) -> bool:
    """Whether something is in it, or was kept out of it as a gold."""
    return any(
        each.tier_id == tier.id if isinstance(each, Annotation) else each.target == ref_to(tier)
        for each in items
        if isinstance(each, Annotation | Link)
    )


def _given(project: Project, session_id: SessionId, order: Order, clock: Clock) -> Assignment:
    """All of it, or nothing where the store goes on the way; nobody else gives work in between."""
    with project.at_once():
        found = _planned(project, session_id, order, clock)
        kept = project.assignments.add(found.assignment, found.edit, found.hides)
        for scope_id in found.lifts:
            project.annotators.remove_scope(scope_id)
    return kept


def _planned(project: Project, session_id: SessionId, order: Order, clock: Clock) -> _Plan:
    """By all that is there, also what the one who gives it is blind to: others are to be blind to it, too."""
    scheme, key = type_named(project, order.wanted)
    project = project.seen_by(order.assigner.id).whole()
    items = project.annotations.load(session_id)
    work = project.assignments.all(session_id)
    gold = {each.tier_id for each in work if each.part == Part.ADJUDICATOR}
    tiers = [item for item in items if isinstance(item, Tier)]
    same = [each for each in tiers if each.type_id == (scheme.id, key)]
    coded = [each for each in same if each.id not in gold]
    mine = [each for each in coded if each.annotator_id == order.whose.id]
    own = mine[0] if mine else None
    if order.part == Part.ADJUDICATOR:
        _demand_submitted(mine, order)
        own = next((each for each in same if each.id in gold and each.annotator_id == order.whose.id), None)
    if own and any(each.tier_id == own.id for each in work):
        raise WozError(
            f"{order.whose.pseudonym} has a tier of the type {key} in {session_id} already; move that one on."
        )
    tier, edit = (own, Edit("")) if own else _new_tier(order, scheme, key, session_id, tiers, clock)
    made = _assignment(project, order, tier)
    if order.part == Part.ADJUDICATOR:
        return _Plan(made, edit, *_lifted(project, order, tier))
    type_id = (scheme.id, key)
    if order.whose.id in _adjudicating(project, project.assignments.adjudications(session_id), tiers, type_id):
        raise WozError(
            f"{order.whose.pseudonym} adjudicates {key} in {session_id}, or was to, and sees what others did there;"
            " give it to somebody else, who codes it on their own."
        )
    adjudicating = _adjudicating(project, work, tiers, type_id)
    others = {each.annotator_id for each in coded if each.annotator_id} - {order.whose.id} - adjudicating
    measured = any(each.id in gold and each.state not in OPEN for each in same)
    return _Plan(made, edit, _scopes(made, tier, order, others, measured))


def _adjudicating(
    project: Project, work: Sequence[Assignment], tiers: Sequence[Tier], type_id: TypeId
) -> set[AnnotatorId]:
    """Who decides on a gold of a type, or did on one whose tier is gone: they saw what others did. One that the
    history doesn't tell of may have been of the scheme.
    """
    golds = [each for each in work if each.part == Part.ADJUDICATOR]
    types = {tier.id: tier.type_id for tier in (*tiers, *_gone(project, golds, tiers))}
    scheme_id, _ = type_id
    return {each.annotator_id for each in golds if types.get(each.tier_id, (scheme_id, each.tier_type)) == type_id}


def _gone(project: Project, work: Iterable[Assignment], tiers: Iterable[Tier]) -> Iterator[Tier]:
    """The tiers of work that are there no longer, as they were last."""
    there = {tier.id for tier in tiers}
    gone = [ItemRef("tier", each.tier_id) for each in work if each.tier_id not in there]
    for versions in project.annotations.versions_by_item(gone).values():
        last = (versions[0].after or versions[0].before) if versions else None
        if isinstance(last, Tier):
            yield last


def _demand_submitted(own: Sequence[Tier], order: Order) -> None:
    for each in own:
        if each.state in OPEN:
            raise WozError(
                f"{order.whose.pseudonym}'s own {each.name} isn't submitted yet, and adjudicating would show them"
                " what others did; have it submitted first."
            )


def _lifted(project: Project, order: Order, tier: Tier) -> tuple[list[BlindScope], list[BlindScopeId]]:
    """Who adjudicates a tier type sees all tiers of it: the scopes that hide them go, and those come that go on
    hiding what else these hid, of the types that are known now.
    """
    scopes = project.annotators.scopes(tier.session_id)
    going = [each for each in scopes if each.annotator_id == order.whose.id and covers(each, tier.type_id)]
    known = _types(project, tier.session_id)
    return [left for each in going for left in without(each, tier.type_id, known)], [each.id for each in going]


def _types(project: Project, session_id: SessionId) -> set[TypeId]:
    """Also of schemes that woz comes with, and of the one that a draft of the session's steps will be by."""
    schemes = [*project.schemes.all(), CONVERSATION, FREE]
    if procedure_id := project.sessions.get(session_id).procedure_id:
        schemes = [*schemes, steps_scheme(project.procedures.get(procedure_id))]
    return {(scheme.id, each.key) for scheme in schemes for each in scheme.tier_types}


def _assignment(project: Project, order: Order, tier: Tier) -> Assignment:
    return Assignment(
        AssignmentId(new_id()[:8]),
        tier.session_id,
        tier.tier_type,
        order.whose.id,
        order.part,
        tier.id,
        _windows(order, project.sessions.get(tier.session_id), tier.tier_type),
        str(order.draw) if order.draw else "",
        order.assigner.id,
    )


def _windows(order: Order, session: Session, tier_type: str) -> tuple[Interval, ...]:
    """As they are drawn, or by hand up to the session's end. Raises WozError where they all lie after that."""
    if order.draw:
        return order.draw.windows(session.id, tier_type, session.duration_ns or 0)
    if not (order.windows and session.duration_ns):
        return order.windows
    within = common(order.windows, (Interval(0, session.duration_ns),))
    if not within:
        raise WozError(
            f"{session.id} lasts {seconds(session.duration_ns):.1f} s, and {window_words(order.windows)} lies after"
            " its end; name windows within it."
        )
    return within


def _new_tier(
    order: Order,
    scheme: Scheme,
    key: str,
    session_id: SessionId,
    tiers: Sequence[Tier],
    clock: Clock,
) -> tuple[Tier, Edit]:
    """In the version of the scheme that others of the session have, so that like is compared with like."""
    same = (each for each in tiers if each.type_id == (scheme.id, key))
    versions = [each.scheme_version for each in same if each.annotator_id]
    name = scheme.tier_type(key).name() + (" gold" if order.part == Part.ADJUDICATOR else "")
    if name in {tier.name for tier in tiers}:
        name = f"{name} {order.whose.pseudonym}"
    made = Made(Origin.MANUAL, order.assigner.id, clock.utc_ns())
    new = Tier(
        TierId(new_id()),
        session_id,
        scheme.id,
        max(versions, default=scheme.version),
        key,
        name,
        made,
        order.whose.id,
        state=TierState.ASSIGNED,
    )
    return new, Edit(f"Assign {name} to {order.whose.pseudonym}", (), (new,))


def _scopes(
    made: Assignment, tier: Tier, order: Order, others: set[AnnotatorId], measured: bool
) -> list[BlindScope]:
    """They don't see the others, a second one no machine's drafts either; and the others, who don't adjudicate
    there, don't see them. A first one without others yet sees all, unless the order says what is hidden.

    Who is `measured` by a gold sees nothing of the others in the whole session, whatever else the order hides: it
    would tell them of the gold.
    """
    if order.see_all:
        return []
    windows: _Spans = made.windows or (None,)
    hides = measured or bool(others or order.blind) or order.part == Part.SECOND
    own: _Spans = (None,) if measured else windows
    hidden = [(order.whose.id, _hidden(order, measured), own)] if hides else []
    hidden += [(other, BlindTo.PEOPLE, windows) for other in sorted(others)]
    return [
        BlindScope(BlindScopeId(new_id()[:8]), who, tier.session_id, tier.tier_type, window, whom, scheme_id)
        for who, to, where in hidden
        for whom, scheme_id in _reach(to, tier.scheme_id)
        for window in where
    ]


def _hidden(order: Order, measured: bool) -> BlindTo:
    usual = BlindTo.BOTH if order.part == Part.SECOND else BlindTo.PEOPLE
    wanted = order.blind or usual
    return BlindTo.BOTH if measured and wanted == BlindTo.MACHINES else wanted


def _reach(to: BlindTo, scheme_id: SchemeId) -> list[tuple[BlindTo, SchemeId]]:
    """Whose work is hidden in which scheme: a machine's in every one, since it may have drafted the same by
    another, as the steps of a procedure from live marks.
    """
    parts = [(BlindTo.PEOPLE, scheme_id), (BlindTo.MACHINES, ANY_SCHEME)]
    return [each for each in parts if to in (each[0], BlindTo.BOTH)]
