"""How far those who judge question sets agree: worked by hand, with different numbers of people for each set."""

from __future__ import annotations

from itertools import permutations

import pytest

from woz.dataset.review.agreement import Agreement, agreement
from woz.model.ids import AnnotatorId, QuestionId, SessionId
from woz.model.review import Decision, ReviewTask, Verdict

GOOD, BAD, WRONG = Verdict.ACCEPTABLE, Verdict.DISCARD, Verdict.TRANSCRIPTION_ERROR


def _agreement(*sets: tuple[Verdict, ...]) -> Agreement:
    """Each set's verdicts, the first by the first person."""
    decisions = [
        Decision(QuestionId(f"q{n}"), SessionId("s"), ReviewTask.TEXT, AnnotatorId(f"p{who}"), verdict, "")
        for n, verdicts in enumerate(sets)
        for who, verdict in enumerate(verdicts)
    ]
    return agreement(decisions, ReviewTask.TEXT)


def test_sets_have_different_numbers_of_judges() -> None:
    """Pairs agree in the first and third set, not in the second: 2/3. Shares are 1/2 good, 1/2 bad: chance is
    1/2 for kappa, and (1/4 + 1/4) / (4 - 1) = 1/6 for AC1.
    """
    found = _agreement((GOOD, GOOD), (GOOD, BAD), (BAD, BAD, BAD), (WRONG,))
    assert (found.items, found.decisions) == (3, 7)
    assert found.raw == pytest.approx(2 / 3)
    assert found.kappa == pytest.approx(1 / 3)
    assert found.ac1 == pytest.approx(3 / 5)


def test_what_somebody_decided_last_counts_though_something_older_came_later() -> None:
    """As from a window that waited for the store, which numbers decisions as they come."""
    made = [("p0", GOOD, 9, 1), ("p1", GOOD, 7, 2), ("p0", BAD, 5, 3)]
    decisions = [
        Decision(
            QuestionId("q"), SessionId("s"), ReviewTask.TEXT, AnnotatorId(who), verdict, "", utc_ns=utc_ns, id=nr
        )
        for who, verdict, utc_ns, nr in made
    ]
    for found in (agreement(order, ReviewTask.TEXT) for order in permutations(decisions)):
        assert (found.items, found.decisions, found.raw, found.apart) == (1, 2, 1.0, ())


def test_what_people_judged_otherwise_adds_up_to_the_figures() -> None:
    found = _agreement((GOOD, GOOD), (GOOD, BAD), (BAD, BAD, WRONG), (WRONG,), (GOOD, BAD))
    assert [each.question_id for each in found.apart] == ["q1", "q2", "q4"]
    assert found.apart[1].verdicts == (("p0", BAD), ("p1", BAD), ("p2", WRONG))
    assert found.raw == pytest.approx(1 - sum(each.raw for each in found.apart))
    assert found.kappa == pytest.approx(1 - sum(each.kappa or 0 for each in found.apart))
    assert found.ac1 == pytest.approx(1 - sum(each.ac1 or 0 for each in found.apart))


def test_kappa_is_never_below_minus_one_however_many_sets_one_person_judged() -> None:
    found = _agreement((GOOD, BAD), (GOOD, BAD), *[(GOOD,)] * 8)
    assert (found.items, found.raw) == (2, 0)
    assert found.kappa == pytest.approx(-1)
    alone = _agreement(*[(GOOD,)] * 8)
    assert (alone.items, alone.raw, alone.kappa, alone.ac1) == (0, None, None, None)
