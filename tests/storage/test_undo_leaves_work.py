"""Undo, in editor and adjudication, takes no work back that its maker gave."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage import Project
from tests.storage.examples import CLOCK, LOOSE, SESSION, SID, TIER, segment
from woz.annotation.edits import Edit
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.lab.adjudicating import table
from woz.lab.annotators import add_annotator
from woz.lab.assigning import Order, assign, take_back
from woz.lab.tiers import move_tier
from woz.model.assignment import Part
from woz.model.item import ItemRef, ref_to
from woz.model.own_schemes import STATES
from woz.model.tier import TierState


def test_work_that_was_given_is_passed_over(project: Project) -> None:
    """What was done before it is undone; the work is there, with its tier."""
    boss, ada = (add_annotator(project, name) for name in ("A01", "A02"))
    own = replace(TIER, annotator_id=boss.id)
    project.annotations.record(SID, Edit("New tier", (), (own,)), boss.id)
    project.annotations.record(SID, Edit("Mark", (), (segment("mark"),)), boss.id)
    given = ItemRef("tier", assign(project, SID, Order(f"{LOOSE.id}/other", ada, boss), CLOCK).tier_id)
    assert project.annotations.undo_names(SID, boss.id) == ("Mark", None)
    for left in ({ref_to(own), given}, {given}, {given}):
        project.annotations.undo(SID, boss.id)
        assert {ref_to(each) for each in project.annotations.load(SID)} == left
    assert project.annotations.undo_names(SID, boss.id) == (None, "New tier")
    assert project.annotations.undo(SID, boss.id, given) is None
    project.annotations.redo(SID, boss.id)
    assert {ref_to(each) for each in project.annotations.load(SID)} == {ref_to(own), given}


def test_work_that_was_taken_back_is_passed_over(project: Project) -> None:
    """Its tier came back without it."""
    boss, ada = (add_annotator(project, name) for name in ("A01", "A02"))
    own = replace(TIER, annotator_id=boss.id)
    project.annotations.record(SID, Edit("New tier", (), (own,)), boss.id)
    take_back(project, assign(project, SID, Order(f"{LOOSE.id}/other", ada, boss), CLOCK).id, boss)
    assert project.annotations.undo_names(SID, boss.id) == ("New tier", None)
    project.annotations.undo(SID, boss.id)
    assert project.annotations.load(SID) == ()


def test_the_history_takes_no_giving_or_taking_back_of_work_back(project: Project) -> None:
    boss, ada = (add_annotator(project, name) for name in ("A01", "A02"))
    work = assign(project, SID, Order(f"{LOOSE.id}/other", ada, boss), CLOCK)
    given = project.annotations.history(SID)[-1]
    for item_id in ("", work.tier_id):
        with pytest.raises(WozError, match=r"Do that in Work, or by woz assign"):
            project.annotations.take_back(SID, boss.id, given.id, item_id)
    assert {ref_to(each) for each in project.annotations.load(SID)} == {ItemRef("tier", work.tier_id)}
    take_back(project, work.id, boss)
    taken = project.annotations.history(SID)[-1]
    with pytest.raises(WozError, match=r"Do that in Work, or by woz assign"):
        project.annotations.take_back(SID, boss.id, taken.id, work.tier_id)
    assert project.annotations.load(SID) == ()


def test_a_gold_that_was_begun_stays_where_nothing_of_it_is_left_to_undo(project: Project) -> None:
    project.sessions.save(replace(SESSION, duration_ns=60 * NS_PER_S))
    boss, ada, ben = (add_annotator(project, name) for name in ("A01", "A02", "A03"))
    for who, part in ((ada, Part.FIRST), (ben, Part.SECOND)):
        tier_id = assign(project, SID, Order(STATES, who, boss, part), CLOCK).tier_id
        whole = replace(segment(f"{tier_id}-a", 0, 60 * NS_PER_S), tier_id=tier_id)
        project.annotations.record(SID, Edit("Mark", (), (whole,)), who.id)
        move_tier(project, SID, tier_id, TierState.SUBMITTED, who, "")
    gold = table(project, SID, STATES, boss, CLOCK).gold
    assert project.annotations.undo(SID, boss.id) is None
    assert table(project, SID, STATES, boss, CLOCK).gold == gold
    assert ItemRef("tier", gold) in {ref_to(each) for each in project.annotations.load(SID)}
