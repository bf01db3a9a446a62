"""Which work comes into work by an edit, and what is left of that where the edit is taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from tests.core.test_tier_states import ADA, BEN, DAN, ITEM, TIER
from woz.annotation.beginning import beginnings, begun, moved_from_there, with_beginnings, without_beginnings
from woz.annotation.edits import Edit
from woz.annotation.logged import ItemChange
from woz.model.annotator import Annotator
from woz.model.assignment import Assignment, Part
from woz.model.ids import AssignmentId
from woz.model.item import ref_to
from woz.model.tier import Tier, TierState

WORK = Assignment(AssignmentId("w"), TIER.session_id, TIER.tier_type, ADA.id, Part.FIRST, TIER.id)
MADE = ItemChange(ref_to(ITEM), None, ITEM)
MOVED = ItemChange(ref_to(ITEM), ITEM, replace(ITEM, end_ns=9))
TAKEN = ItemChange(ref_to(ITEM), ITEM, None)
IN_WORK = replace(TIER, state=TierState.IN_WORK)


def in_state(state: TierState) -> Tier:
    return replace(TIER, state=state)


def began(changes: Sequence[ItemChange], tier: Tier, person: Annotator = ADA, work: Assignment = WORK) -> bool:
    found = begun(changes, {tier.id: tier}, {work.tier_id: work}, person)
    assert found in ((), (ItemChange(ref_to(tier), tier, IN_WORK),))
    return bool(found)


@pytest.mark.parametrize("change", [MADE, MOVED, TAKEN])
@pytest.mark.parametrize("state", [TierState.ASSIGNED, TierState.RETURNED])
def test_whose_work_it_is_begins_it_by_any_change_of_a_mark(state: TierState, change: ItemChange) -> None:
    assert began([change], in_state(state))
    assert not began([change], in_state(state), BEN)
    assert not began([], in_state(state))


@pytest.mark.parametrize("state", sorted(set(TierState) - {TierState.ASSIGNED, TierState.RETURNED}))
def test_no_other_state_is_left(state: TierState) -> None:
    assert not began([MADE], in_state(state))


def test_what_is_no_work_of_theirs_stays() -> None:
    tier = in_state(TierState.ASSIGNED)
    assert not began([MADE], tier, ADA, replace(WORK, part=Part.ADJUDICATOR))
    assert not began([MADE], replace(tier, annotator_id=BEN.id), BEN)
    assert not began([MADE], replace(tier, annotator_id=DAN.id), DAN, replace(WORK, annotator_id=DAN.id))
    assert begun([MADE], {tier.id: tier}, {}, ADA) == ()
    renamed = ItemChange(ref_to(tier), tier, replace(tier, scheme_version=2))
    assert not began([MADE, renamed], tier), "who changes the tier itself says what becomes of it"


def test_only_what_was_begun_elsewhere_from_the_same_state() -> None:
    tiers, work = {TIER.id: in_state(TierState.RETURNED)}, {TIER.id: WORK}
    assert begun([MADE], tiers, work, ADA, {TIER.id: TierState.RETURNED})
    assert begun([MADE], tiers, work, ADA, {TIER.id: TierState.ASSIGNED}) == ()
    assert begun([MADE], tiers, work, ADA, {}) == ()


@pytest.mark.parametrize("state", [TierState.ASSIGNED, TierState.RETURNED])
def test_taking_back_the_mark_leaves_the_tier(state: TierState) -> None:
    waiting = in_state(state)
    logged = Edit("Mark", (waiting,), (IN_WORK, ITEM))
    assert beginnings(logged) == {TIER.id: state}
    assert without_beginnings(logged) == Edit("Mark", (), (ITEM,))
    assert without_beginnings(logged.inverse()) == Edit("Mark", (ITEM,), ())
    by_hand = Edit("Move", (waiting,), (IN_WORK,))
    assert (beginnings(by_hand), without_beginnings(by_hand)) == ({}, by_hand)
    left = Edit("Mark", (), (replace(ITEM, label="two"),))
    assert with_beginnings(left, logged) == Edit("Mark", (waiting,), (*left.after, IN_WORK))
    assert with_beginnings(Edit("Mark"), logged) == Edit("Mark")
    more = Edit("Mark", (waiting,), (replace(IN_WORK, name="Other"), ITEM))
    assert without_beginnings(more) == more


@pytest.mark.parametrize(
    ("was", "now", "follows"),
    [
        (TierState.ASSIGNED, TierState.IN_WORK, True),
        (TierState.RETURNED, TierState.IN_WORK, True),
        (TierState.IN_WORK, TierState.ASSIGNED, True),
        (TierState.IN_WORK, TierState.RETURNED, False),
        (TierState.ASSIGNED, TierState.RETURNED, False),
        (TierState.IN_WORK, TierState.ACCEPTED, False),
    ],
)
def test_a_move_goes_from_where_the_tier_is_unless_somebody_else_moved_it(
    was: TierState, now: TierState, follows: bool
) -> None:
    stored = {ref_to(TIER): (in_state(now), 3)}
    edit = Edit("Move", (in_state(was),), (in_state(TierState.SUBMITTED),))
    assert moved_from_there(edit, stored).before == (in_state(now if follows else was),)
    renamed = Edit("Rename", (in_state(was),), (replace(in_state(was), name="Other"),))
    assert moved_from_there(renamed, stored) == renamed
