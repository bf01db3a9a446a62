"""Question sets that people judge who log in: what one does follows for the others' decisions, too."""

from __future__ import annotations

from dataclasses import replace

import psycopg
import pytest

from tests.storage.examples import SID, question
from tests.storage.login_lab import Lab
from woz.annotation.edits import Edit
from woz.base.errors import WozError
from woz.dataset.review.deeds import TakingBack
from woz.dataset.review.sources import said_for
from woz.dataset.review.texts import judged
from woz.lab.assigning_questions import QuestionOrder, give_questions, take_back_questions
from woz.model.question import Question, ReviewStatus
from woz.model.review import Decision, ReviewRule, ReviewState, ReviewTask, Verdict

TEXT, ASKED = ReviewTask.TEXT, question("q")


@pytest.fixture
def asking(lab: Lab) -> Lab:
    lab.owner.annotations.record(SID, Edit("Propose", (), (ASKED,)), "woz")
    lab.owner.reviews.set_rule(ReviewRule(2, grounding=False))
    return lab


def _now(lab: Lab) -> Question:
    (found,) = [item for item in lab.owner.annotations.load(SID) if isinstance(item, Question)]
    return found


def _decide(lab: Lab, name: str, verdict: Verdict, utc_ns: int) -> Decision:
    by, now = lab.people[name].id, _now(lab)
    made = Decision(now.id, SID, TEXT, by, verdict, judged(now, TEXT), utc_ns=utc_ns, said=said_for(now, {}))
    with lab.as_(name) as project:
        return project.reviews.decide(made).decision


def test_what_somebody_takes_back_is_settled_no_more_though_another_settled_it(asking: Lab) -> None:
    first = _decide(asking, "A01", Verdict.ACCEPTABLE, 5)
    _decide(asking, "A02", Verdict.ACCEPTABLE, 6)
    assert _now(asking).status == ReviewStatus.ACCEPTED
    with asking.as_("A01") as project:
        assert project.reviews.take_back(first.by, TakingBack.of(first, 7))
    assert (_now(asking).status, asking.owner.reviews.states()[ASKED.id]) == (
        ReviewStatus.PROPOSED,
        ReviewState.IN_REVIEW,
    )


def test_what_others_decided_before_a_correction_counts_no_more_once_somebody_judges_anew(asking: Lab) -> None:
    """And what they decided of what isn't stale nobody else takes back, woz or not."""
    for utc_ns, name in enumerate(("A01", "C01"), 5):
        _decide(asking, name, Verdict.ACCEPTABLE, utc_ns)
    with asking.sql("A02") as connection:
        taken = connection.execute("UPDATE question_decision SET withdrawn_utc_ns = 1")
        assert taken.rowcount == 0
    now = _now(asking)
    stale = replace(now, made=replace(now.made, stale=True))
    asking.owner.annotations.record(SID, Edit("Correct", (now,), (stale,)), "woz")
    anew = _decide(asking, "A02", Verdict.DISCARD, 7)
    boss = asking.people["C01"].id
    assert [each.id for each in asking.owner.reviews.decisions(boss)] == [anew.id]
    assert asking.owner.reviews.states()[ASKED.id] == ReviewState.IN_REVIEW


def test_what_was_decided_stays_as_it_was_decided(asking: Lab) -> None:
    """Also of a stale question set, of which whoever judges it anew has all count no more."""
    _decide(asking, "A01", Verdict.ACCEPTABLE, 5)
    now, another = _now(asking), asking.people["A02"].id
    stale = replace(now, made=replace(now.made, stale=True))
    asking.owner.annotations.record(SID, Edit("Correct", (now,), (stale,)), "woz")
    for name in ("A01", "A02", "C01"):
        with asking.sql(name) as connection:
            for change in ("verdict = 'discard'", "comment = 'Good.'", f"annotator_id = '{another}'"):
                with pytest.raises(psycopg.Error, match="permission denied for table question_decision"):
                    connection.execute(f"UPDATE question_decision SET {change}".encode())


def test_a_curators_login_gives_question_sets_and_an_annotators_sees_its_own_alone(asking: Lab) -> None:
    ada, ben, boss = (asking.people[name] for name in ("A01", "A02", "C01"))
    with asking.as_("C01") as project:
        found = give_questions(project, QuestionOrder([ada, ben], boss, [SID]))
        assert {each.to for each in found.given} == {ada.id, ben.id}
        assert {each.given.to for each in project.question_work.all()} == {ada.id, ben.id}
    with asking.as_("A01") as project:
        assert [each.given.to for each in project.question_work.all()] == [ada.id]
        assert [each.question_id for each in project.reviews.waiting(ada.id, TEXT)] == [ASKED.id]
        with pytest.raises(WozError, match="You log in as A01"):
            give_questions(project, QuestionOrder([ben], boss, [SID]))
    with asking.as_("C01") as project:
        assert take_back_questions(project, [ada, ben], boss, [SID]) == (2, 0)


def test_an_annotators_login_gives_and_takes_no_question_sets_woz_or_not(asking: Lab) -> None:
    ada, boss = asking.people["A01"].id, asking.people["C01"]
    give_questions(asking.owner, QuestionOrder([asking.people["A02"]], boss, [SID]))
    values = f"('{ASKED.id}', 'text', '{ada}', '{SID}', '{ada}', '', 1)"
    with asking.sql("A01") as connection:
        for change in (
            f"INSERT INTO question_given VALUES {values}",
            f"UPDATE question_given SET annotator_id = '{ada}'",
            "DELETE FROM question_given",
        ):
            with pytest.raises(psycopg.Error, match="permission denied for table question_given"):
                connection.execute(change.encode())
