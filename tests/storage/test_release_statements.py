"""A release is built a session at a time: what is asked of the database, and held of it, doesn't grow with what a
session holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from storage import Project
from storage.repositories import reviews
from storage.tables.item_rows import read_items
from tests.core.release_room import bundle, question
from tests.storage.examples import CLOCK
from woz.annotation.edits import Edit
from woz.dataset.release.recipe import Recipe
from woz.dataset.review.texts import judged
from woz.lab.annotators import add_annotator
from woz.lab.releasing import build_release
from woz.model.ids import AnnotatorId, ParticipantId, SessionId
from woz.model.people import Participant
from woz.model.review import Decision, ReviewRule, ReviewTask, Verdict

RECIPE = Recipe("lamps", clips=False)


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "lab", "Lab", CLOCK) as project:
        add_annotator(project, "A01")
        project.reviews.set_rule(ReviewRule(1, grounding=False))
        yield project


def _session(project: Project, n: int, questions: int) -> None:
    """Of a person of its own, in which somebody judged two; the later its id, the earlier it was."""
    made = bundle(f"20260101-{n:06d}-0000", f"P{n:03d}")
    person, key = made.participants[0], SessionId(made.session.id)
    known = Participant(ParticipantId(person.pseudonym), person.pseudonym, person.role, person.consents)
    project.participants.save(known)
    project.sessions.save(replace(made.session, start_utc_ns=100 - n, participants=(known.id,)))
    asked = tuple(question(key, f"q{i}", text=f"Which of {i} is next?") for i in range(questions))
    project.annotations.record(key, Edit("Ask", (), asked), "woz")
    by = project.annotators.named("A01").id
    for each in asked[:2]:
        about = judged(each, ReviewTask.TEXT)
        project.reviews.decide(Decision(each.id, key, ReviewTask.TEXT, by, Verdict.ACCEPTABLE, about))


def _statements(project: Project, call: Callable[[], object]) -> int:
    found = list[str]()

    def heard(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        found.append(statement)

    engine = project.database.backend.engine
    event.listen(engine, "before_cursor_execute", heard)
    try:
        call()
    finally:
        event.remove(engine, "before_cursor_execute", heard)
    return len(found)


def _built(project: Project, out: Path) -> int:
    return _statements(project, lambda: build_release(project, RECIPE, out, lambda *_: None, CLOCK.utc_ns()))


def test_a_release_asks_as_much_of_each_session_however_many_question_sets_it_holds(
    lab: Project, tmp_path: Path
) -> None:
    asked = list[int]()
    for n, questions in enumerate((2, 2, 2, 60)):
        _session(lab, n, questions)
        asked.append(_built(lab, tmp_path / f"out{n}"))
    more = [after - before for before, after in pairwise(asked)]
    assert more[1] == more[2], "for a session more, with few of them and with many"


def test_what_people_judged_is_read_a_few_sessions_at_a_time(lab: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reviews, "SESSIONS_READ", 2)
    held = list[int]()

    def counted(*asked: Any) -> list[Any]:
        found = list(read_items(*asked))
        held.append(len(found))
        return found

    monkeypatch.setattr(reviews, "read_items", counted)
    for n in range(5):
        _session(lab, n, 3)
    judging = lab.reviews.judging()
    assert (len(judging.people), sum(judging.people.values()), held) == (15, 10, [6, 6, 3])
    by = lab.annotators.named("A01").id
    assert [len(lab.reviews.states()), len(lab.reviews.waiting(by, ReviewTask.TEXT))] == [15, 10]
    assert held == [6, 6, 3] * 3


def test_it_takes_no_more_statements_to_read_more_question_sets(lab: Project) -> None:
    calls: list[Callable[[], object]] = [
        lab.reviews.judging,
        lab.reviews.states,
        lambda: lab.reviews.waiting(AnnotatorId("a"), ReviewTask.TEXT),
    ]
    for n in range(2):
        _session(lab, n, 3)
    few = [_statements(lab, call) for call in calls]
    for n in range(2, reviews.SESSIONS_READ):
        _session(lab, n, 5)
    assert [_statements(lab, call) for call in calls] == few


def test_question_sets_are_in_the_order_of_their_sessions(lab: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever a reading ends."""
    monkeypatch.setattr(reviews, "SESSIONS_READ", 2)
    for n in (4, 0, 3, 1, 2):
        _session(lab, n, 1)
    by = lab.annotators.named("A01").id
    found = [each.session_id for each in lab.reviews.waiting(by, ReviewTask.TEXT)]
    assert (len(found), found) == (5, sorted(found, reverse=True))
