"""Question sets that are given to people to judge: who is offered what, and how far it is; over both databases."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from storage import Project
from tests.storage.examples import SESSION, SID, question
from woz.annotation.edits import Edit
from woz.annotation.withdrawn import Scope
from woz.base.errors import WozError
from woz.dataset.review.sharing import Draw
from woz.dataset.review.texts import judged, texts_of
from woz.lab.annotators import add_annotator, remove_annotator, retire_annotator
from woz.lab.assigning_questions import (
    GivenCounts,
    QuestionOrder,
    SharedOut,
    freed_words,
    give_questions,
    given_counts,
    shared_words,
    take_back_questions,
)
from woz.lab.progress import progress_csv, progress_of, progress_words
from woz.model.annotator import Annotator, AnnotatorRole
from woz.model.ids import ParticipantId
from woz.model.people import Participant, Role
from woz.model.question import Question
from woz.model.review import Decision, ReviewRule, ReviewTask, Verdict

TEXT, GROUNDING = ReviewTask
SETS = 6
NAMES = tuple("abcdef")


class Room:
    """Six question sets, which two people judge each, a curator, and three who may judge."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.boss = add_annotator(project, "C01", (AnnotatorRole.CURATOR, AnnotatorRole.ANNOTATOR))
        self.ada, self.ben, self.cleo = (add_annotator(project, name) for name in ("A01", "A02", "A03"))
        asked = tuple(replace(question(name), asked_ns=at) for at, name in enumerate(NAMES, 5))
        project.annotations.record(SID, Edit("Propose", (), asked), "woz")
        project.reviews.set_rule(ReviewRule(2, grounding=False))

    def give(self, *to: Annotator, task: ReviewTask = TEXT, draw: Draw | None = None) -> SharedOut:
        return give_questions(self.project, QuestionOrder(to, self.boss, [SID], task, draw or Draw()))

    def of(self, person: Annotator) -> list[str]:
        return [each.given.question_id for each in self.project.question_work.all() if each.given.to == person.id]

    def offered(self, person: Annotator, others: bool = False) -> list[str]:
        found = self.project.reviews.waiting(person.id, TEXT, others=others)
        return [each.question_id for each in found if each.mine is None]

    def asked(self, name: str) -> Question:
        items = self.project.annotations.load(SID)
        return next(each for each in items if isinstance(each, Question) and each.id == name)

    def decide(self, person: Annotator, name: str, verdict: Verdict = Verdict.ACCEPTABLE, why: str = "") -> None:
        """As a curator where there is a reason."""
        now = self.asked(name)
        made = Decision(now.id, SID, TEXT, person.id, verdict, judged(now, TEXT), bool(why), comment=why)
        self.project.reviews.decide(made)


@pytest.fixture
def room(project: Project) -> Room:
    return Room(project)


def test_each_set_goes_to_as_many_as_the_project_asks_and_all_get_as_many(room: Room) -> None:
    found = room.give(room.ada, room.ben, room.cleo)
    assert (found.sets, len(found.given), found.short) == (SETS, 12, 0)
    assert Counter(each.given.to for each in room.project.question_work.all()) == {
        person.id: 4 for person in (room.ada, room.ben, room.cleo)
    }
    again = room.give(room.ada, room.ben, room.cleo)
    assert again.given == ()
    assert shared_words(again, TEXT, ["A01"]) == ["None of 6 question sets lacks anybody to judge it (text)."]


def test_nothing_is_given_where_it_is_only_asked_what_would_be(room: Room) -> None:
    order = QuestionOrder([room.ada], room.boss, [SID])
    found = give_questions(room.project, order, dry_run=True)
    assert (len(found.given), found.short, found.lacking) == (SETS, SETS, SETS)
    assert room.project.question_work.all() == []
    told = shared_words(found, TEXT, ["A01"], dry_run=True)
    assert told == [
        "Of 6 question sets 6 would be given to A01 to judge (text).",
        "6 question sets lack 6 people still: name more with --to.",
    ]


def test_who_has_some_is_offered_these_alone_unless_they_choose_others_too(room: Room) -> None:
    room.give(room.ada, draw=Draw(0.5, 3))
    mine = room.of(room.ada)
    assert len(mine) == 3
    assert room.offered(room.ada) == mine
    assert room.offered(room.ada, others=True) == [*mine, *(name for name in NAMES if name not in mine)]
    assert room.offered(room.ben) == list(NAMES), "one place of each is free still"
    assert [room.project.reviews.is_given(each.id, TEXT) for each in (room.ada, room.ben)] == [True, False]
    assert not room.project.reviews.is_given(room.ada.id, GROUNDING)
    for name in mine:
        room.decide(room.ada, name)
    assert room.offered(room.ada) == [], "what they were given is done"


def test_a_place_that_is_kept_for_somebody_is_offered_to_nobody_else(room: Room) -> None:
    room.give(room.ada, room.ben)
    assert (room.offered(room.cleo), room.offered(room.cleo, others=True)) == ([], [])
    room.decide(room.ada, "a")
    assert room.offered(room.cleo) == []
    taken = take_back_questions(room.project, [room.ben], room.boss, [SID])
    assert taken == (SETS, 0)
    assert room.offered(room.cleo) == list(NAMES)
    room.decide(room.cleo, "a")
    assert room.offered(room.ben) == list(NAMES[1:])


def test_nobody_is_told_more_of_the_others_than_that_enough_are_to_judge(room: Room) -> None:
    room.give(room.ada, room.ben)
    room.decide(room.ada, "a", Verdict.DISCARD)
    waiting = room.project.reviews.waiting(room.ben.id, TEXT)
    assert [(each.question_id, each.mine) for each in waiting] == [(name, None) for name in NAMES]
    for person, seen in ((room.ben, {room.ben.id}), (room.boss, {room.ada.id, room.ben.id})):
        view = room.project.seen_by(person.id)
        assert {each.given.to for each in view.question_work.all()} == seen
    assert [each.pseudonym for each in given_counts(room.project.seen_by(room.ben.id))] == ["A02"]


def test_who_was_there_or_judged_or_settled_it_gets_none(room: Room) -> None:
    """Somebody was there where a participant of the session has their pseudonym."""
    project = room.project
    expert = Participant(ParticipantId("e"), "a03", Role.EXPERT)
    project.participants.save(expert)
    project.sessions.save(replace(SESSION, participants=(expert.id,)))
    room.decide(room.ada, "a")
    room.decide(room.ada, "b")
    room.decide(room.ben, "b", Verdict.DISCARD)
    room.decide(room.boss, "b", Verdict.DISCARD, "It is as Ben says")
    found = room.give(room.ada, room.ben, room.cleo, room.boss)
    assert found.barred == {"A03": 1}
    assert room.of(room.cleo) == []
    by_set = {name: {each.to for each in found.given if each.question_id == name} for name in NAMES}
    assert by_set["b"] == set(), "it is settled"
    assert by_set["a"] < {room.ben.id, room.boss.id}
    assert [len(by_set[name]) for name in NAMES] == [1, 0, 2, 2, 2, 2]
    assert "A03 gets none of 1 session in which they are themselves." in shared_words(found, TEXT, ["A03"])


def test_who_settled_the_words_gets_no_clip_of_it(room: Room) -> None:
    room.project.reviews.set_rule(ReviewRule(2))
    room.decide(room.ada, "a")
    room.decide(room.ben, "a", Verdict.DISCARD)
    room.decide(room.boss, "a", Verdict.ACCEPTABLE, "It is as Ada says")
    found = room.give(room.boss, task=GROUNDING)
    assert {each.question_id for each in found.given} == set(NAMES[1:])
    assert (found.short, found.lacking) == (SETS, SETS + 1)
    waiting = room.project.reviews.waiting(room.boss.id, GROUNDING)
    assert waiting == [], "their words haven't passed yet"


def test_clips_are_given_only_where_people_look_at_them(room: Room) -> None:
    with pytest.raises(WozError, match="Nobody looks at clips in this project"):
        room.give(room.ada, task=GROUNDING)


def test_curators_and_managers_alone_give_and_take_back(room: Room) -> None:
    for act in (
        lambda: give_questions(room.project, QuestionOrder([room.ben], room.ada, [SID])),
        lambda: take_back_questions(room.project, [room.ben], room.ada, [SID]),
    ):
        with pytest.raises(WozError, match="Only a curator or a manager gives question sets"):
            act()
    away = retire_annotator(room.project, "A03")
    with pytest.raises(WozError, match="A03 has retired"):
        room.give(room.ada, away)
    assert room.project.question_work.all() == []


def test_how_far_it_is_is_counted_by_person(room: Room) -> None:
    room.give(room.ada, room.ben)
    room.decide(room.ada, "a")
    for person in (room.cleo, room.boss):
        room.decide(person, "b")
    counts = [GivenCounts("A01", TEXT, 6, 1, 4), GivenCounts("A02", TEXT, 6, 0, 5)]
    assert given_counts(room.project) == counts
    assert take_back_questions(room.project, [room.ada], room.boss, [SID]) == (5, 1)
    assert given_counts(room.project)[0] == GivenCounts("A01", TEXT, 1, 1, 0)


def test_progress_tells_how_many_judgements_each_was_given_and_made(room: Room) -> None:
    room.give(room.ada, room.ben)
    room.decide(room.ada, "a")
    found = progress_of(room.project)
    figures = {each.pseudonym: (each.sets_given, each.sets_done) for each in found.people}
    assert figures == {"A01": (6, 1), "A02": (6, 0), "A03": (0, 0), "C01": (0, 0)}
    assert "; 1 of 6 judgements of question sets made" in progress_words(found)
    assert "person,A01,sets_done,1" in progress_csv(found).splitlines()
    (alone,) = progress_of(room.project, "A01").people
    assert (alone.sets_given, alone.sets_done) == (6, 1)


def test_what_is_judged_anew_is_open_again(room: Room) -> None:
    room.give(room.ada)
    room.decide(room.ada, "a")
    old = room.asked("a")
    stale = replace(old, made=replace(old.made, stale=True))
    room.project.annotations.record(SID, Edit("Correct", (old,), (stale,)), "woz")
    assert given_counts(room.project) == [GivenCounts("A01", TEXT, 6, 0, 6)]
    assert room.offered(room.ada) == list(NAMES)


def test_what_somebody_who_retires_was_to_judge_is_free_for_others(room: Room) -> None:
    room.give(room.ada, room.ben)
    assert freed_words(room.project, "A02") == ""
    room.decide(room.ben, "a")
    retire_annotator(room.project, "A02")
    assert freed_words(room.project, "A02") == (
        "5 question sets are free for others that A02 was to judge; woz questions assign PROJECT gives them anew."
    )
    assert room.offered(room.cleo) == list(NAMES[1:])
    assert {each.question_id for each in room.give(room.cleo).given} == set(NAMES[1:])
    assert len(room.of(room.ben)) == SETS
    retire_annotator(room.project, "A02", back=True)
    assert room.offered(room.ben) == list(NAMES[1:])


def test_a_set_that_is_gone_is_told_of_no_more_and_keeps_nobody_from_others(room: Room) -> None:
    room.give(room.ada)
    gone = tuple(room.asked(name) for name in NAMES)
    room.project.annotations.record(SID, Edit("Take away", gone, ()), "woz")
    assert given_counts(room.project) == []
    room.project.annotations.record(SID, Edit("Propose", (), (replace(question("new"), asked_ns=5),)), "woz")
    assert room.offered(room.ada) == ["new"]


def test_a_withdrawal_takes_what_was_given_of_its_session_and_names_whose_it_was(room: Room) -> None:
    project = room.project
    room.give(room.ada)
    assert project.withdrawals.annotators(SID) == ("A01",)
    project.withdrawals.erase(Scope(SID, "P01", frozenset(), True))
    assert project.withdrawals.annotators(SID) == ()


def test_who_was_given_something_is_not_removed_as_entered_by_mistake(room: Room) -> None:
    room.give(room.ada)
    with pytest.raises(WozError, match="A01 has worked or was given work here"):
        remove_annotator(room.project, "A01")
    take_back_questions(room.project, [room.ada], room.boss, [SID])
    remove_annotator(room.project, "A01")


def test_the_texts_that_are_judged_are_those_that_stand(room: Room) -> None:
    """What others wrote isn't shown to who has it to judge before enough have decided."""
    room.give(room.ada, room.ben)
    old = room.asked("a")
    new = replace(texts_of(old), answer="So and so.")
    made = Decision(old.id, SID, TEXT, room.ada.id, Verdict.REVISE, judged(old, TEXT), revised=new)
    room.project.reviews.decide(made)
    assert room.asked("a").answer == old.answer
