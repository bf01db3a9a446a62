"""Work that was given in windows of a session is submitted once these are filled, a gold of such work as well."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage import Project
from tests.storage.examples import CLOCK, SESSION, SID, segment
from woz.annotation.adjudication.rulings import agreed_edit
from woz.annotation.edits import Edit
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S, Interval
from woz.lab.adjudicated import session_changes
from woz.lab.adjudicating import table
from woz.lab.annotators import add_annotator
from woz.lab.assigning import Order, assign, assign_all, take_back
from woz.lab.calibrating import calibrate
from woz.lab.findings import session_findings
from woz.lab.tiers import move_tier
from woz.model.annotator import Annotator
from woz.model.assignment import Part
from woz.model.ids import TierId
from woz.model.own_schemes import STATES
from woz.model.tier import TierState

GIVEN = (Interval(60 * NS_PER_S, 120 * NS_PER_S),)


class Room:
    """A01 may all; A02 and A03 code the states of ten minutes."""

    def __init__(self, project: Project) -> None:
        self.project = project
        project.sessions.save(replace(SESSION, duration_ns=600 * NS_PER_S))
        self.boss, self.ada, self.ben = (add_annotator(project, name) for name in ("A01", "A02", "A03"))

    def give(self, whose: Annotator, part: Part, windows: tuple[Interval, ...] = GIVEN) -> TierId:
        return assign(self.project, SID, Order(STATES, whose, self.boss, part, windows), CLOCK).tier_id

    def mark(self, whose: Annotator, tier_id: TierId, start_s: int, end_s: int) -> None:
        new = segment(f"{tier_id}-{start_s}", start_s * NS_PER_S, end_s * NS_PER_S)
        self.project.annotations.record(SID, Edit("Mark", (), (replace(new, tier_id=tier_id),)), whose.id)

    def take_all_back(self) -> None:
        for each in self.project.assignments.all(SID):
            take_back(self.project, each.id, self.boss)

    def submit(self, whose: Annotator, tier_id: TierId) -> None:
        move_tier(self.project, SID, tier_id, TierState.SUBMITTED, whose, "")


@pytest.fixture
def room(project: Project) -> Room:
    return Room(project)


def test_windows_are_given_up_to_the_sessions_end(room: Room) -> None:
    late = Interval(700 * NS_PER_S, 800 * NS_PER_S)
    room.give(room.ada, Part.FIRST, (Interval(540 * NS_PER_S, 620 * NS_PER_S), late))
    (work,) = room.project.assignments.all(SID)
    assert work.windows == (Interval(540 * NS_PER_S, 600 * NS_PER_S),)
    (answer,) = assign_all(room.project, [SID], Order(STATES, room.ben, room.boss, windows=(late,)), CLOCK)
    assert answer.assignment is None
    assert answer.refused.endswith("lasts 600.0 s, and 700 to 800 s lies after its end; name windows within it.")
    assert room.project.assignments.all(SID) == [work]


def test_windows_are_submitted_once_they_are_filled(room: Room) -> None:
    tier_id = room.give(room.ada, Part.FIRST)
    with pytest.raises(WozError, match=r"and it must be filled from 1:00.00 to 2:00.00."):
        room.submit(room.ada, tier_id)
    room.mark(room.ada, tier_id, 50, 90)
    with pytest.raises(WozError, match=r"mend this first: .*: Nothing is marked from 1:30.00 to 2:00.00."):
        room.submit(room.ada, tier_id)
    room.mark(room.ada, tier_id, 90, 130)
    assert session_findings(room.project, SID) == []
    room.submit(room.ada, tier_id)


def test_a_whole_session_is_not_submitted_with_windows_filled(room: Room) -> None:
    tier_id = room.give(room.ada, Part.FIRST, ())
    room.mark(room.ada, tier_id, 50, 130)
    with pytest.raises(WozError, match=r"and mend 1 more .* Nothing is marked from 0:00.00 to 0:50.00."):
        room.submit(room.ada, tier_id)


@pytest.mark.parametrize(("bens", "refused"), [(GIVEN, ""), ((), "Nothing is marked from 0:00.00 to 1:00.00")])
def test_a_gold_is_submitted_where_its_coders_were_asked(
    room: Room, bens: tuple[Interval, ...], refused: str
) -> None:
    for whose, part, windows in ((room.ada, Part.FIRST, GIVEN), (room.ben, Part.SECOND, bens)):
        tier_id = room.give(whose, part, windows)
        room.mark(whose, tier_id, *((60, 120) if windows else (0, 600)))
        room.submit(whose, tier_id)
    gold = table(room.project, SID, STATES, room.boss, CLOCK).gold
    room.mark(room.boss, gold, 60, 120)
    if refused:
        with pytest.raises(WozError, match=refused):
            room.submit(room.boss, gold)
    else:
        room.submit(room.boss, gold)


def test_who_is_measured_by_a_gold_does_not_widen_it(room: Room) -> None:
    """They were given the whole session once it was submitted; it is taken up again, and submitted as it was."""
    for whose, part in ((room.ada, Part.FIRST), (room.ben, Part.SECOND)):
        tier_id = room.give(whose, part)
        room.mark(whose, tier_id, 60, 120)
        room.submit(whose, tier_id)
    gold = table(room.project, SID, STATES, room.boss, CLOCK).gold
    room.mark(room.boss, gold, 60, 120)
    room.submit(room.boss, gold)
    new = add_annotator(room.project, "A04")
    measured = room.give(new, Part.SECOND, ())
    room.mark(new, measured, 0, 600)
    room.submit(new, measured)
    move_tier(room.project, SID, gold, TierState.IN_WORK, room.boss, "")
    assert session_findings(room.project, SID) == []
    room.submit(room.boss, gold)


def test_who_is_measured_by_a_gold_of_windows_is_measured_in_these(room: Room) -> None:
    for whose, part in ((room.ada, Part.FIRST), (room.ben, Part.SECOND)):
        tier_id = room.give(whose, part)
        room.mark(whose, tier_id, 60, 120)
        room.submit(whose, tier_id)
    gold = table(room.project, SID, STATES, room.boss, CLOCK).gold
    room.mark(room.boss, gold, 60, 120)
    room.submit(room.boss, gold)
    new = add_annotator(room.project, "A04")
    measured = room.give(new, Part.SECOND, ())
    for start_s in (60, 200):
        room.mark(new, measured, start_s, start_s + 60)
    (label,) = calibrate(room.project, "A04", STATES).labels
    assert (label.marks, label.extra, label.f1) == (1, 0, 1.0)


def test_windows_whose_work_was_taken_back_are_submitted_once_they_are_filled(room: Room) -> None:
    tier_id = room.give(room.ada, Part.FIRST)
    room.mark(room.ada, tier_id, 60, 120)
    room.take_all_back()
    assert session_findings(room.project, SID) == []
    assert room.give(room.ada, Part.FIRST, (Interval(200 * NS_PER_S, 260 * NS_PER_S),)) == tier_id
    with pytest.raises(WozError, match=r"must be filled from 3:20.00 to 4:20.00."):
        room.submit(room.ada, tier_id)
    room.mark(room.ada, tier_id, 200, 260)
    room.submit(room.ada, tier_id)


def test_work_that_was_taken_back_is_adjudicated_in_its_windows(room: Room) -> None:
    for whose, part in ((room.ada, Part.FIRST), (room.ben, Part.SECOND)):
        tier_id = room.give(whose, part)
        room.mark(whose, tier_id, 60, 120)
        room.submit(whose, tier_id)
    room.take_all_back()
    found = table(room.project, SID, STATES, room.boss, CLOCK)
    assert [each.windows for each in found.sources] == [GIVEN, GIVEN]
    agreed = agreed_edit(found.state(room.project.annotations.load(SID)), room.boss.id, CLOCK.utc_ns())
    room.project.annotations.record(SID, agreed, room.boss.id)
    room.mark(room.boss, found.gold, 300, 360)
    room.submit(room.boss, found.gold)
    assert session_changes(room.project, SID, room.ada) == []


def test_work_that_was_given_whole_by_mistake_is_adjudicated_in_the_windows_that_are_given_now(room: Room) -> None:
    """What was begun stays; what the gold has elsewhere was missed by nobody."""
    people = ((room.ada, Part.FIRST), (room.ben, Part.SECOND))
    for whose, part in people:
        room.mark(whose, room.give(whose, part, ()), 60, 120)
    room.take_all_back()
    for whose, part in people:
        room.submit(whose, room.give(whose, part))
    found = table(room.project, SID, STATES, room.boss, CLOCK)
    assert [each.windows for each in found.sources] == [GIVEN, GIVEN]
    agreed = agreed_edit(found.state(room.project.annotations.load(SID)), room.boss.id, CLOCK.utc_ns())
    room.project.annotations.record(SID, agreed, room.boss.id)
    room.mark(room.boss, found.gold, 300, 360)
    room.submit(room.boss, found.gold)
    assert session_changes(room.project, SID, room.ada) == []
