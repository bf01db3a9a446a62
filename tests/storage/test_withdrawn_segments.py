"""Segments derived from what somebody said who withdrew, and question sets of others that rest on them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from storage import Project
from tests.storage.examples import SID, question, segment
from tests.storage.withdrawal_room import ADA, TRAINEE, fill, withdraw
from woz.annotation.edits import Edit
from woz.dataset.review.texts import judged
from woz.lab.withdrawing import plan_withdrawal
from woz.model.ids import AnnotationId
from woz.model.item import ItemRef
from woz.model.made import Made, Source
from woz.model.origin import Origin
from woz.model.question import Evidence, Question, QuestionKind
from woz.model.review import Decision, ReviewTask, Verdict


def test_a_segment_that_is_derived_from_what_they_said_goes_and_nothing_rests_on_it(project: Project) -> None:
    """What is written by others stays, with its first text in the log and the decision on it."""
    fill(project)
    heard = Made(Origin.DERIVED, "woz", 0, sources=(Source(ItemRef("turn", "hers")),))
    derived, plain = replace(segment("heard", 10, 12), made=heard), AnnotationId("plain")
    rests = Evidence(annotations=(derived.id, plain), frames_ns=(5,))
    made = replace(question("r"), kind=QuestionKind.WRITTEN, distractors=(), evidence=rests)
    project.annotations.record(SID, Edit("derive", (), (derived,)), "woz")
    project.annotations.record(SID, Edit("ask", (), (made,)), ADA.id)
    about = judged(made, ReviewTask.TEXT)
    project.reviews.decide(Decision(made.id, SID, ReviewTask.TEXT, ADA.id, Verdict.ACCEPTABLE, about))
    assert plan_withdrawal(project, "P01").rows.get("decisions", 0) == 0
    withdraw(project, TRAINEE)
    items: dict[str, Any] = {item.id: item for item in project.annotations.load(SID)}
    assert derived.id not in items
    assert items["r"].evidence == Evidence(annotations=(plain,), frames_ns=(5,))
    assert len(project.reviews.own(ADA.id)) == 1
    logged = [change.after for edit in project.annotations.history(SID) for change in edit.changes]
    first = next(each for each in logged if isinstance(each, Question) and each.id == "r")
    assert first.text == made.text
