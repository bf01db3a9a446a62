"""Which moves of a tier are allowed, to whom, and what a closed tier refuses."""

from __future__ import annotations

from dataclasses import replace

import pytest

from woz.annotation import tier_states
from woz.annotation.edits import Edit
from woz.annotation.logged import ItemChange
from woz.annotation.tier_states import MOVES, OPEN, moved, moves_for
from woz.base.errors import WozError
from woz.model.annotation import Annotation
from woz.model.annotator import Annotator, AnnotatorRole
from woz.model.ids import AnnotationId, AnnotatorId, SchemeId, SessionId, TierId
from woz.model.item import ref_to
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.tier import Tier, TierState

MADE = Made(Origin.MANUAL)
ADA = Annotator(AnnotatorId("ada"), "A01")
BEN = Annotator(AnnotatorId("ben"), "A02")
CYD = Annotator(AnnotatorId("cyd"), "A03", (AnnotatorRole.ADJUDICATOR,))
DAN = Annotator(AnnotatorId("dan"), "A04", (AnnotatorRole.MANAGER,))
TIER = Tier(TierId("t"), SessionId("s"), SchemeId("x"), 1, "steps", "Steps", MADE, ADA.id)
ITEM = Annotation(AnnotationId("a"), TIER.id, 0, 5, "one", MADE)


def check(edit: Edit, tier: Tier, mover: Annotator | None) -> None:
    old, new = ({ref_to(item): item for item in items} for items in (edit.before, edit.after))
    changes = [ItemChange(ref, old.get(ref), new.get(ref)) for ref in old | new]
    tier_states.check(changes, {tier.id: tier}, mover)


def in_state(state: TierState) -> Tier:
    return replace(TIER, state=state)


def test_the_way_of_a_tier() -> None:
    tier = in_state(TierState.ASSIGNED)
    for to, mover in (
        (TierState.IN_WORK, ADA),
        (TierState.SUBMITTED, ADA),
        (TierState.RETURNED, CYD),
        (TierState.SUBMITTED, ADA),
        (TierState.ACCEPTED, CYD),
        (TierState.ADJUDICATED, CYD),
        (TierState.LOCKED, DAN),
    ):
        edit = moved(tier, to, mover, "The ends are late.")
        check(edit, tier, mover)
        [after] = edit.after
        assert isinstance(after, Tier)
        tier = after
    assert tier == in_state(TierState.LOCKED)


def test_each_move_can_be_undone() -> None:
    assert {(to, start) for start, to in MOVES} == set(MOVES)


@pytest.mark.parametrize(
    ("state", "to", "mover", "said"),
    [
        (TierState.IN_WORK, TierState.SUBMITTED, BEN, "Only the annotator whose tier it is may move Steps"),
        (
            TierState.SUBMITTED,
            TierState.ACCEPTED,
            ADA,
            "Only an adjudicator, a curator or a manager may move",
        ),
        (TierState.IN_WORK, TierState.LOCKED, DAN, "A tier that is in work can't become locked; it can become"),
        (TierState.LOCKED, TierState.ACCEPTED, CYD, "Only a manager may move Steps from locked to accepted"),
        (TierState.IN_WORK, TierState.SUBMITTED, replace(ADA, retired=True), "A01 has retired"),
    ],
)
def test_other_moves_are_refused(state: TierState, to: TierState, mover: Annotator, said: str) -> None:
    with pytest.raises(WozError, match=said):
        moved(in_state(state), to, mover)
    assert to not in moves_for(in_state(state), mover)


def test_a_tier_is_returned_with_a_reason() -> None:
    with pytest.raises(WozError, match="Say why"):
        moved(in_state(TierState.SUBMITTED), TierState.RETURNED, CYD, " ")


@pytest.mark.parametrize("state", [TierState.ASSIGNED, TierState.IN_WORK])
def test_who_reviews_closes_what_somebody_began_and_does_not_finish(state: TierState) -> None:
    """By way of returning it, with a reason; they can undo that. The annotator doesn't return what is assigned."""
    returned = moved(in_state(state), TierState.RETURNED, CYD, "A01 has left").after
    assert returned == (in_state(TierState.RETURNED),)
    assert TierState.SUBMITTED in moves_for(in_state(TierState.RETURNED), CYD)
    assert TierState.SUBMITTED not in moves_for(in_state(state), CYD)
    assert TierState.ASSIGNED in moves_for(in_state(TierState.RETURNED), CYD)
    assert TierState.RETURNED not in moves_for(in_state(TierState.ASSIGNED), ADA)


def test_any_annotator_submits_what_a_machine_made() -> None:
    tier = replace(TIER, annotator_id=None)
    assert moved(tier, TierState.SUBMITTED, BEN).after == (replace(tier, state=TierState.SUBMITTED),)


@pytest.mark.parametrize("state", [state for state in TierState if state not in OPEN])
def test_a_closed_tier_refuses_edits(state: TierState) -> None:
    tier = in_state(state)
    edits = (
        Edit("New", (), (ITEM,)),
        Edit("Move", (ITEM,), (replace(ITEM, end_ns=6),)),
        Edit("Delete", (ITEM,)),
        Edit("Rename", (tier,), (replace(tier, name="Others"),)),
        Edit("Delete tier", (tier,)),
    )
    for edit in edits:
        for mover in (ADA, None):
            with pytest.raises(WozError, match=f"The tier Steps is {state}; "):
                check(edit, tier, mover)


def test_an_open_tier_takes_edits_of_all() -> None:
    for state in OPEN:
        tier = in_state(state)
        for mover in (ADA, BEN, None):
            check(Edit("New", (), (ITEM,)), tier, mover)


def test_a_state_changes_by_its_own_rules_only() -> None:
    tier = in_state(TierState.SUBMITTED)
    accepted = Edit("Accept", (tier,), (in_state(TierState.ACCEPTED),))
    with pytest.raises(WozError, match="may move Steps"):
        check(accepted, tier, ADA)
    with pytest.raises(WozError, match="No program may"):
        check(accepted, tier, None)
    check(accepted, tier, CYD)
