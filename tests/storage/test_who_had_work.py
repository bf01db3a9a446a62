"""Whom a withdrawal's plan names: all who have, or had, work in a session and may keep drafts of it."""

from __future__ import annotations

from dataclasses import replace

from storage import Project
from tests.storage.examples import CLOCK, SESSION, SID, segment
from woz.annotation.edits import Edit
from woz.lab.annotators import ALL_ROLES, add_annotator, give_roles
from woz.lab.assigning import Order, assign, take_back
from woz.model.assignment import Part
from woz.model.ids import SessionId
from woz.model.own_schemes import STATES


def test_who_has_work_and_whose_work_was_taken_back_are_named(project: Project) -> None:
    boss, with_work, coded, to_adjudicate, elsewhere = (add_annotator(project, f"A0{n}") for n in range(1, 6))
    to_adjudicate = give_roles(project, to_adjudicate.pseudonym, ALL_ROLES)
    other = replace(SESSION, id=SessionId(f"{SID}-b"))
    project.sessions.save(other)
    assign(project, other.id, Order(STATES, elsewhere, boss), CLOCK)
    assign(project, SID, Order(STATES, with_work, boss), CLOCK)
    gold = assign(project, SID, Order(STATES, to_adjudicate, boss, Part.ADJUDICATOR), CLOCK)
    own = assign(project, SID, Order(STATES, coded, boss, Part.SECOND), CLOCK)
    mark = replace(segment("a"), tier_id=own.tier_id)
    project.annotations.record(SID, Edit("Mark", (), (mark,)), coded.id)
    for work in (own, gold):
        take_back(project, work.id, boss)
    assert project.withdrawals.annotators(SID) == ("A02", "A03", "A04")
    assert project.withdrawals.annotators(other.id) == ("A05",)
