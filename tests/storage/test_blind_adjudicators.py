"""Who adjudicates a tier type comes to see all of it, and nothing else that they were blind to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage import Project
from tests.storage.examples import CLOCK, SESSION, SID
from woz.annotation.edits import Edit
from woz.base.errors import WozError
from woz.lab.annotators import add_annotator, blind, give_roles
from woz.lab.assigning import Order, assign, take_back
from woz.lab.tiers import move_tier
from woz.model.annotator import Annotator, AnnotatorRole, BlindTo
from woz.model.assignment import Part
from woz.model.ids import ProcedureId, SchemeId, StepId, TierId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.own_schemes import CONVERSATION, FREE, STATES, steps_scheme
from woz.model.procedure import Procedure, Step
from woz.model.tier import Tier, TierState

People = tuple[Annotator, Annotator, Annotator]


@pytest.fixture
def people(project: Project) -> People:
    """A manager who may all, and two annotators."""
    project.sessions.save(SESSION)
    return add_annotator(project, "A01"), add_annotator(project, "A02"), add_annotator(project, "A03")


@pytest.mark.parametrize("tier_type", ["", STATES])
def test_who_adjudicates_stays_blind_to_all_else_that_one_scope_hid(
    project: Project, people: People, tier_type: str
) -> None:
    """A scope for any type, and one for a key in any scheme, as all were before scopes named schemes."""
    boss, ada, _ = people
    project.schemes.add(replace(CONVERSATION, id=SchemeId("other"), name="Other states"))
    states, others = f"{CONVERSATION.id}/{STATES}", {f"other/{STATES}", "loose/any"}
    work = {each: assign(project, SID, Order(each, ada, boss), CLOCK).tier_id for each in (states, *others)}
    blind(project, "A03", SID, tier_type, None, BlindTo.PEOPLE)
    ben = give_roles(project, "A03", list(AnnotatorRole))

    def unseen() -> set[str]:
        seen = {item.id for item in project.seen_by(ben.id).annotations.load(SID)}
        return {each for each, tier_id in work.items() if tier_id not in seen}

    before = unseen()
    assert before >= {states, f"other/{STATES}"}
    assert ("loose/any" in before) == (not tier_type)
    assign(project, SID, Order(states, ben, boss, Part.ADJUDICATOR), CLOCK)
    assert unseen() == before - {states}


def test_who_adjudicates_by_one_scheme_stays_blind_to_what_a_machine_will_draft_by_another(
    project: Project, people: People
) -> None:
    """The draft of the steps by live marks is in a scheme of its own, which comes into the project with it."""
    boss, _, ben = people
    cake = Procedure(ProcedureId("cake"), "Cake", (Step(StepId("1"), "Mix", 0),))
    project.procedures.save(cake)
    project.sessions.save(replace(SESSION, procedure_id=cake.id))
    steps = steps_scheme(cake)
    for name in ("one", "two"):
        project.schemes.add(replace(steps, id=SchemeId(name), name=name))
    one, _ = (
        assign(project, SID, Order(f"{name}/steps", ben, boss, Part.SECOND), CLOCK) for name in ("one", "two")
    )
    ben = give_roles(project, "A03", list(AnnotatorRole))
    move_tier(project, SID, one.tier_id, TierState.SUBMITTED, ben, "")
    assign(project, SID, Order("one/steps", ben, boss, Part.ADJUDICATOR), CLOCK)
    project.schemes.add(steps)
    made = Made(Origin.MACHINE, "drafter")
    drafts = [
        Tier(TierId(f"draft {scheme}"), SID, SchemeId(scheme), 1, "steps", f"Draft {scheme}", made)
        for scheme in ("one", "two", steps.id)
    ]
    project.annotations.record(SID, Edit("Draft", (), tuple(drafts)), "drafter")
    seen = set(project.seen_by(ben.id).annotations.load(SID))
    assert [each for each in drafts if each in seen] == drafts[:1]


def test_who_was_blind_to_all_stays_so_to_a_scheme_that_comes_with_woz(project: Project, people: People) -> None:
    """It comes into the project with the first tier that is made by it."""
    boss, ada, _ = people
    blind(project, "A03", SID, "", None, BlindTo.BOTH)
    ben = give_roles(project, "A03", list(AnnotatorRole))
    assign(project, SID, Order("loose/any", ben, boss, Part.ADJUDICATOR), CLOCK)
    project.schemes.add(FREE)
    made = Made(Origin.MANUAL, ada.id)
    tier = Tier(TierId("later"), SID, FREE.id, 1, FREE.tier_types[0].key, "Later", made, ada.id)
    project.annotations.record(SID, Edit("Make", (), (tier,)), ada.id)
    assert tier.id not in {item.id for item in project.seen_by(ben.id).annotations.load(SID)}


def test_an_adjudicators_own_coding_stays_as_they_submitted_it(project: Project, people: People) -> None:
    """They have seen the others'; the gold they take up again, and what somebody else returns to them."""
    boss, _, ben = people
    own = assign(project, SID, Order(STATES, ben, boss), CLOCK).tier_id
    ben = give_roles(project, "A03", [AnnotatorRole.ANNOTATOR, AnnotatorRole.ADJUDICATOR])
    for to in (TierState.SUBMITTED, TierState.IN_WORK, TierState.SUBMITTED):
        move_tier(project, SID, own, to, ben, "")
    gold = assign(project, SID, Order(STATES, ben, boss, Part.ADJUDICATOR), CLOCK).tier_id
    for to in (TierState.IN_WORK, TierState.ASSIGNED, TierState.RETURNED):
        with pytest.raises(WozError, match=r"A03 adjudicates .* stays as it was submitted"):
            move_tier(project, SID, own, to, ben, "Ends are late")
    for to in (TierState.SUBMITTED, TierState.IN_WORK):
        move_tier(project, SID, gold, to, ben, "")
    move_tier(project, SID, own, TierState.RETURNED, boss, "Ends are late")
    (now,) = (each for each in project.annotations.load(SID) if isinstance(each, Tier) and each.id == own)
    assert now.state == TierState.RETURNED


@pytest.mark.parametrize("taken_back", [False, True])
def test_an_adjudicators_own_coding_stays_so_once_the_gold_is_gone(
    project: Project, people: People, taken_back: bool
) -> None:
    boss, _, ben = people
    own = assign(project, SID, Order(STATES, ben, boss), CLOCK).tier_id
    ben = give_roles(project, "A03", [AnnotatorRole.ANNOTATOR, AnnotatorRole.ADJUDICATOR])
    move_tier(project, SID, own, TierState.SUBMITTED, ben, "")
    work = assign(project, SID, Order(STATES, ben, boss, Part.ADJUDICATOR), CLOCK)
    if taken_back:
        take_back(project, work.id, boss)
    else:
        items = project.annotations.load(SID)
        (gold,) = (each for each in items if isinstance(each, Tier) and each.id == work.tier_id)
        project.annotations.record(SID, Edit("Tidy up", (gold,)), ben.id)
    with pytest.raises(WozError, match=r"A03 adjudicates .* stays as it was submitted"):
        move_tier(project, SID, own, TierState.IN_WORK, ben, "")
