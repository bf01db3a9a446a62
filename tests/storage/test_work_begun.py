"""Work that was given comes into work with the first mark that its annotator makes in it, over both databases."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from storage import Project
from tests.storage.examples import CLOCK, SESSION, SID, segment
from tests.storage.package_room import Lab as Packing
from woz.annotation.document import Document
from woz.annotation.edits import Edit
from woz.annotation.tier_states import moved
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.lab.agreeing import agreement
from woz.lab.annotators import add_annotator, give_roles
from woz.lab.assigning import Order, assign
from woz.lab.package_taking import Choice, Fate
from woz.lab.progress import progress_of, progress_words
from woz.lab.workload import workload
from woz.model.annotation import Annotation
from woz.model.annotator import Annotator, AnnotatorRole
from woz.model.assignment import Part
from woz.model.item import ItemRef
from woz.model.own_schemes import STATES
from woz.model.tier import Tier, TierState


class Room:
    """A01 may all; A02 was given the states of a session, and A03 nothing."""

    def __init__(self, project: Project) -> None:
        self.project = project
        project.sessions.save(replace(SESSION, duration_ns=600 * NS_PER_S))
        self.boss, self.ada, self.ben = (add_annotator(project, name) for name in ("A01", "A02", "A03"))
        self.work = assign(project, SID, Order(STATES, self.ada, self.boss), CLOCK)
        self.ref = ItemRef("tier", self.work.tier_id)

    @property
    def tier(self) -> Tier:
        (found, _) = self.project.annotations.stored([self.ref])[self.ref]
        assert isinstance(found, Tier)
        return found

    @property
    def marks(self) -> list[Annotation]:
        return [each for each in self.project.annotations.load(SID) if isinstance(each, Annotation)]

    def mark(self, by: str, name: str = "m", start_s: int = 0) -> Annotation:
        new = replace(segment(name, start_s * NS_PER_S, (start_s + 5) * NS_PER_S), tier_id=self.work.tier_id)
        self.project.annotations.record(SID, Edit("Mark", (), (new,)), by)
        return next(each for each in self.marks if each.id == new.id)

    def move(self, to: TierState, mover: Annotator, why: str = "") -> None:
        self.project.annotations.record(SID, moved(self.tier, to, mover, why), mover.id)


@pytest.fixture
def room(project: Project) -> Room:
    return Room(project)


def test_the_first_mark_of_its_annotator_brings_work_into_work(room: Room) -> None:
    """By the edit that makes the mark; no further one moves it."""
    assert room.tier.state == TierState.ASSIGNED
    room.mark(room.ada.id)
    first = room.project.annotations.history(SID)[-1]
    room.mark(room.ada.id, "n", 10)
    version, assigned = room.project.annotations.versions(room.ref)
    assert isinstance(version.before, Tier)
    assert isinstance(version.after, Tier)
    assert (version.before.state, version.after.state) == (TierState.ASSIGNED, TierState.IN_WORK)
    assert (version.edit_id, version.by, version.name) == (first.id, room.ada.id, "Mark")
    assert assigned.by == room.boss.id
    assert [line.state for line in workload(room.project)] == ["in work"]
    progress = progress_of(room.project)
    own = next(each for each in progress.people if each.pseudonym == "A02")
    assert (own.assigned, own.tiers, own.in_work, own.done) == (1, 1, 1, 0)
    assert "  A02: 1 assigned, 1 tier, 1 in work, 0 done (0.0 h)" in progress_words(progress)
    (session,) = room.project.library.sessions()
    assert {each.state for each in session.tiers if each.tier_id == room.work.tier_id} == {TierState.IN_WORK}


def test_undo_takes_back_the_mark_alone(room: Room) -> None:
    """And redo brings it back; whole or of the item, and whoever takes it back."""
    log = room.project.annotations
    mark = room.mark(room.ada.id)
    undone = log.undo(SID, room.ada.id)
    assert undone
    assert [change.item.kind for change in undone.changes] == ["annotation"]
    assert (room.tier.state, room.marks, log.undo_names(SID, room.ada.id)) == (
        TierState.IN_WORK,
        [],
        (None, "Mark"),
    )
    assert log.redo(SID, room.ada.id)
    assert (room.tier.state, [each.id for each in room.marks]) == (TierState.IN_WORK, [mark.id])
    made = log.versions(room.ref)[0].edit_id
    taken = log.take_back(SID, room.boss.id, log.history(SID)[-1].id, mark.id)
    assert taken.undoes == log.history(SID)[-2].id
    with pytest.raises(WozError, match="taken back already"):
        log.take_back(SID, room.boss.id, made)
    assert (room.tier.state, room.marks) == (TierState.IN_WORK, [])


def test_undo_of_the_mark_leaves_what_became_of_the_work_since(room: Room) -> None:
    room.mark(room.ada.id)
    room.move(TierState.SUBMITTED, room.ada)
    room.move(TierState.RETURNED, room.boss, "Ends are late")
    assert room.project.annotations.undo(SID, room.ada.id, ItemRef("annotation", "m"))
    assert (room.tier.state, room.marks) == (TierState.RETURNED, [])


def test_work_that_was_returned_is_in_work_again_once_its_annotator_mends_it(room: Room) -> None:
    mark = room.mark(room.ada.id)
    room.move(TierState.SUBMITTED, room.ada)
    room.move(TierState.RETURNED, room.boss, "Ends are late")
    later = replace(mark, end_ns=(mark.end_ns or 0) + NS_PER_S)
    room.project.annotations.record(SID, Edit("Move the end", (mark,), (later,)), room.ada.id)
    version = room.project.annotations.versions(room.ref)[0]
    assert (room.tier.state, version.by, version.name) == (TierState.IN_WORK, room.ada.id, "Move the end")


@pytest.mark.parametrize("by", ["the manager", "another annotator", "a machine"])
@pytest.mark.parametrize("state", [TierState.ASSIGNED, TierState.RETURNED])
def test_nobody_else_brings_it_into_work(room: Room, by: str, state: TierState) -> None:
    if state == TierState.RETURNED:
        room.move(state, room.boss, "Begin with the second minute")
    who = {"the manager": room.boss.id, "another annotator": room.ben.id, "a machine": "woz"}[by]
    room.mark(who)
    assert (room.tier.state, len(room.marks)) == (state, 1)


def test_what_was_not_given_stays_as_it_is(room: Room) -> None:
    """A gold, into which comes unasked what all agree on, and the tier of who annotates no more."""
    room.mark(room.ada.id)
    room.move(TierState.SUBMITTED, room.ada)
    gold = assign(room.project, SID, Order(STATES, room.boss, room.boss, Part.ADJUDICATOR), CLOCK)
    other = assign(room.project, SID, Order(STATES, room.ben, room.boss, see_all=True), CLOCK)
    give_roles(room.project, "A03", [AnnotatorRole.CURATOR])
    for work, by, name in ((gold, room.boss, "g"), (other, room.ben, "o")):
        new = replace(segment(name), tier_id=work.tier_id)
        room.project.annotations.record(SID, Edit("Mark", (), (new,)), by.id)
    lines = {line.assignment.id: line.state for line in workload(room.project)}
    assert (lines[gold.id], lines[other.id]) == ("assigned", "assigned")


def test_a_window_knows_that_it_is_in_work_and_submits_it(room: Room) -> None:
    log, by = room.project.annotations, room.ada.id
    document = Document(SID, log.open(SID, by), log, by)
    new = replace(segment("m", 0, 600 * NS_PER_S), tier_id=room.work.tier_id)
    document.apply(Edit("Mark", (), (new,)))
    (shown,) = (each for each in document.tiers if each.id == room.work.tier_id)
    assert shown == room.tier
    assert shown.state == TierState.IN_WORK
    document.undo()
    document.redo()
    document.apply(moved(shown, TierState.SUBMITTED, room.ada))
    assert (room.tier.state, len(room.marks)) == (TierState.SUBMITTED, 1)


def test_who_moves_it_as_it_was_before_the_mark_moves_it_as_it_is(room: Room) -> None:
    """Another window of theirs hasn't heard of it yet; a return that they haven't heard of stands in the way."""
    was = room.tier
    room.mark(room.ada.id)
    begun = room.tier
    room.project.annotations.record(SID, moved(was, TierState.SUBMITTED, room.ada), room.ada.id)
    assert room.tier.state == TierState.SUBMITTED
    room.move(TierState.RETURNED, room.boss, "Ends are late")
    with pytest.raises(WozError):
        room.project.annotations.record(SID, moved(begun, TierState.SUBMITTED, room.ada), room.ada.id)
    assert room.tier == replace(begun, state=TierState.RETURNED)


def test_begun_work_without_a_mark_left_is_not_compared(room: Room) -> None:
    """As work that nobody began; once submitted it says that nothing is there."""
    third = add_annotator(room.project, "A04")
    for who, part in ((room.ben, Part.SECOND), (third, Part.SECOND)):
        work = assign(room.project, SID, Order(STATES, who, room.boss, part), CLOCK)
        new = replace(segment(who.pseudonym, 0, NS_PER_S), tier_id=work.tier_id)
        room.project.annotations.record(SID, Edit("Mark", (), (new,)), who.id)
    room.mark(room.ada.id)
    room.project.annotations.undo(SID, room.ada.id)
    assert [(each.one, each.other) for each in agreement(room.project, STATES).pairs] == [("A03", "A04")]


def test_what_was_begun_in_a_package_is_begun_in_the_project(project: Project, tmp_path: Path) -> None:
    """But not where it was returned meanwhile: who returned it isn't overruled unasked."""
    lab = Packing(project, tmp_path)
    file = lab.send()
    with lab.opened(file) as package:
        lab.mark(package, lab.ben, "one", 0, 500)
        assert lab.tier(package, lab.ben).state == TierState.IN_WORK
        assert [each.fate for each in lab.take(lab.returned(package)).edits] == [Fate.TAKEN]
        assert lab.tier(project, lab.ben).state == TierState.IN_WORK
        assert project.annotations.versions(ItemRef("tier", lab.tiers[lab.ben]))[0].by == lab.ben.id
        edit = moved(lab.tier(project, lab.ben), TierState.RETURNED, lab.boss, "Not so many")
        project.annotations.record(lab.session_id, edit, lab.boss.id)
        lab.mark(package, lab.ben, "two", 500, lab.length_ms)
        lab.move(package, lab.ben, TierState.SUBMITTED)
        done = lab.take(lab.returned(package))
    assert [each.fate for each in done.edits] == [Fate.BEFORE, Fate.TAKEN, Fate.ASKS]
    assert lab.tier(project, lab.ben).state == TierState.RETURNED


def test_work_is_begun_in_the_project_by_a_mark_that_somebody_decided_on(project: Project, tmp_path: Path) -> None:
    """It was returned before the package was made, so that its submission asks nobody."""
    lab = Packing(project, tmp_path)
    lab.mark(project, lab.ben, "b", 0, lab.length_ms)
    lab.move(project, lab.ben, TierState.SUBMITTED)
    back = moved(lab.tier(project, lab.ben), TierState.RETURNED, lab.boss, "It is another")
    project.annotations.record(lab.session_id, back, lab.boss.id)
    with lab.opened(lab.send()) as package:
        lab.change(package, lab.ben, "b", label="expert")
        lab.move(package, lab.ben, TierState.SUBMITTED)
        file = lab.returned(package)
    lab.change(project, lab.boss, "b", label="trainee")
    asks, waits = lab.take(file).edits
    assert (asks.fate, waits.fate, lab.tier(project, lab.ben).state) == (Fate.ASKS, Fate.WAITS, TierState.RETURNED)
    done = lab.take(file, Choice(returned=frozenset({asks.edit.id})))
    assert [each.fate for each in done.edits] == [Fate.TAKEN, Fate.TAKEN]
    assert (lab.tier(project, lab.ben).state, lab.now(project, "b").label) == (TierState.SUBMITTED, "expert")
