"""What holds for every edit, whoever makes it: closed tiers stay closed, what a person changes becomes theirs, work
comes into work with its first mark, and what is derived becomes stale with what it was derived from.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session as Rows

from storage.history.log import last_known
from storage.tables.annotator_rows import annotator_value
from storage.tables.annotators import AnnotatorRow
from storage.tables.item_rows import read_items, stored_items
from storage.tables.items import ITEM_TABLES
from storage.tables.work import AssignmentRow
from storage.tables.work_rows import adjudications, assignment_value
from woz.annotation.beginning import Beginnings, begun
from woz.annotation.link_owner import link_owner
from woz.annotation.logged import ItemChange
from woz.annotation.provenance import by_person
from woz.annotation.staleness import Derived, became_stale, concerns, only_became_stale
from woz.annotation.tier_states import OPEN, check, reopened
from woz.annotation.windows import refuse_outside
from woz.base.errors import WozError
from woz.model.annotation import Annotation
from woz.model.annotator import Annotator
from woz.model.assignment import Assignment
from woz.model.ids import SchemeId, SessionId, TierId
from woz.model.item import ItemRef, ref_to
from woz.model.link import Link
from woz.model.origin import Origin
from woz.model.question import Question
from woz.model.tier import Tier

Stored = Mapping[ItemRef, tuple[object, int | None]]


def governed(
    rows: Rows,
    session_id: SessionId,
    changes: Sequence[ItemChange],
    by: str,
    utc_ns: int,
    stored: Stored,
    taking_back: bool,
    begins: Beginnings | None = None,
) -> tuple[ItemChange, ...]:
    """The changes that are to be written, with the work that begins by them; with `begins`, that alone. Raises
    WozError where they may not be.

    What is taken back becomes as it was, and whose it was; but what is derived stays stale in a closed tier.
    """
    row = rows.get(AnnotatorRow, by)
    person = annotator_value(row) if row else None
    linked = _linked(rows, changes)
    tiers = _tiers_of(rows, changes, linked.values())
    if taking_back:
        changes = _without_staleness(changes, tiers)
    check(changes, tiers, person, linked)
    if person:
        _refuse_reopening(rows, session_id, changes, person)
    work = _work_in(rows, tiers)
    refuse_outside(changes, tiers, work)
    if person and not taking_back:
        edit_ids = {ref: edit_id for ref, (_, edit_id) in stored.items()}
        own = by_person(changes, person.id, utc_ns, edit_ids.get)
        changes = (*own, *begun(own, tiers, work, person, begins))
    return (*changes, *_stale(rows, session_id, changes))


def _without_staleness(changes: Sequence[ItemChange], tiers: Mapping[TierId, Tier]) -> Sequence[ItemChange]:
    """Without what would only be fresh again in closed tiers, or stale, which follows from the rest; all of them
    where there is no rest.
    """
    closed = {tier_id for tier_id, tier in tiers.items() if tier.state not in OPEN}
    return [each for each in changes if not _only_staleness(each, closed)] or changes


def _only_staleness(change: ItemChange, tiers: Collection[TierId]) -> bool:
    back = ItemChange(change.item, change.after, change.before)
    inside = isinstance(change.after, Annotation) and change.after.tier_id in tiers
    return inside and (only_became_stale(change) or only_became_stale(back))


def _refuse_reopening(rows: Rows, session_id: SessionId, changes: Sequence[ItemChange], person: Annotator) -> None:
    """Raises WozError where who adjudicates a tier type, or was to, and saw all of it, takes up their own coding
    again.
    """
    own = [tier for change in changes if (tier := reopened(change, person.id))]
    if not own:
        return
    theirs = (each for each in adjudications(rows, session_id) if each.annotator_id == person.id)
    golds = {each.tier_id: each.tier_type for each in theirs}
    types = _types_of(rows, golds)
    for tier in own:
        decided = {types.get(each, (tier.scheme_id, key)) for each, key in golds.items()}
        if tier.type_id in decided and tier.id not in golds:
            whose, key = person.pseudonym, tier.tier_type
            raise WozError(
                f"{whose} adjudicates {key} here, or was to, and has seen what others did: their"
                f" own {tier.name} stays as it was submitted. Where it has to be changed, somebody else returns it."
            )


def _types_of(rows: Rows, tiers: Iterable[TierId]) -> dict[TierId, tuple[SchemeId, str]]:
    """Also of those that are gone, as the log has them last."""
    refs = {ItemRef("tier", each) for each in tiers}
    there = stored_items(rows, refs)
    found = [*(tier for tier, _ in there.values()), *last_known(rows, refs - there.keys())]
    return {tier.id: tier.type_id for tier in found if isinstance(tier, Tier)}


def _linked(rows: Rows, changes: Sequence[ItemChange]) -> dict[ItemRef, TierId]:
    """In which tiers the owners of links are."""
    items = [item for change in changes for item in (change.before, change.after)]
    owners = {link_owner(item) for item in items if isinstance(item, Link)}
    if not owners:
        return {}
    found = {ref: TierId(ref.id) for ref in owners if ref.kind == "tier"}
    marks = [item for item in items if isinstance(item, Annotation)]
    marks += [item for item, _ in stored_items(rows, owners).values() if isinstance(item, Annotation)]
    return found | {ref_to(mark): mark.tier_id for mark in marks if ref_to(mark) in owners}


def _tiers_of(rows: Rows, changes: Sequence[ItemChange], more: Iterable[TierId]) -> dict[TierId, Tier]:
    """The tiers that they lie in, as they are."""
    items = [item for change in changes for item in (change.before, change.after)]
    refs = {ItemRef("tier", item.tier_id) for item in items if isinstance(item, Annotation)}
    refs |= {ItemRef("tier", tier_id) for tier_id in more}
    return {tier.id: tier for tier, _ in stored_items(rows, refs).values() if isinstance(tier, Tier)}


def _work_in(rows: Rows, tiers: Mapping[TierId, Tier]) -> dict[TierId, Assignment]:
    """The assignments that some of the tiers are of."""
    found = rows.scalars(select(AssignmentRow).where(AssignmentRow.tier_id.in_(tiers)))
    return {TierId(row.tier_id): assignment_value(row) for row in found}


def _stale(rows: Rows, session_id: SessionId, changes: Sequence[ItemChange]) -> tuple[ItemChange, ...]:
    if not concerns(changes):
        return ()
    table = ITEM_TABLES["tier"].table.c
    tiers = [i for i, _ in read_items(rows, ITEM_TABLES["tier"], table.session_id == session_id)]
    return became_stale(changes, _derived(rows, session_id), [tier for tier in tiers if isinstance(tier, Tier)])


def _derived(rows: Rows, session_id: SessionId) -> list[Derived]:
    tiers, found = ITEM_TABLES["tier"].table.c, list[Derived]()
    for name, column, owners in (
        ("annotation", "tier_id", select(tiers.id).where(tiers.session_id == session_id)),
        ("question", "session_id", [session_id]),
    ):
        of = ITEM_TABLES[name]
        fresh: ColumnElement[bool] = of.table.c.made_stale.is_(False)
        if name != "question":
            fresh &= of.table.c.made_origin == Origin.DERIVED
        items = (item for item, _ in read_items(rows, of, of.table.c[column].in_(owners) & fresh))
        found += [item for item in items if isinstance(item, Annotation | Question)]
    return found
