"""Question sets are shared out: evenly, by a seed, and to nobody who may not have them."""

from __future__ import annotations

from collections import Counter

import pytest

from woz.base.errors import WozError
from woz.dataset.review.sharing import Draw, Place, shared_out
from woz.model.ids import AnnotatorId, QuestionId, SessionId

HERE, THERE = SessionId("here"), SessionId("there")
ADA, BEN, CLEO = PEOPLE = tuple(AnnotatorId(name) for name in ("ada", "ben", "cleo"))


def _places(count: int, lacks: int, session: SessionId = HERE) -> list[Place]:
    return [Place(QuestionId(f"{session}{n}"), session, lacks) for n in range(count)]


def test_each_goes_to_as_many_as_it_lacks_and_everybody_gets_as_many() -> None:
    shares = shared_out(_places(30, 2), PEOPLE, {}, {}, 7)
    assert [len(set(each.to)) for each in shares] == [2] * 30
    assert Counter(person for each in shares for person in each.to) == dict.fromkeys(PEOPLE, 20)
    assert len({frozenset(each.to) for each in shares}) == 3, "not always the same two"


def test_the_seed_draws_the_same_whoever_is_named_first_and_another_one_something_else() -> None:
    one = shared_out(_places(30, 1), PEOPLE, {}, {}, 7)
    assert shared_out(_places(30, 1), PEOPLE[::-1], {}, {}, 7) == one
    assert shared_out(_places(30, 1), PEOPLE, {}, {}, 8) != one


def test_nobody_gets_one_that_they_know_or_of_a_session_in_which_they_are() -> None:
    known = Place(QuestionId("q"), THERE, 2, frozenset({ADA}))
    first, *rest = shared_out([known, *_places(4, 1)], PEOPLE, {HERE: [ADA, BEN]}, {}, 0)
    assert set(first.to) == {BEN, CLEO}
    assert [each.to for each in rest] == [(CLEO,)] * 4


def test_what_is_lacking_still_is_said() -> None:
    (share,) = shared_out(_places(1, 5), PEOPLE, {HERE: [ADA]}, {}, 0)
    assert (set(share.to), share.short) == ({BEN, CLEO}, 3)


def test_whoever_has_more_to_judge_gets_less() -> None:
    shares = shared_out(_places(6, 1), (ADA, BEN), {}, {ADA: 4}, 0)
    assert Counter(person for each in shares for person in each.to) == {ADA: 1, BEN: 5}


def test_a_share_is_the_same_of_the_same_ones_however_far_they_are() -> None:
    draw = Draw(0.25, 3)
    chosen = [each.question_id for each in draw.of(_places(40, 2))]
    assert len(chosen) == 10
    assert [each.question_id for each in draw.of(_places(40, 0))] == chosen
    assert [each.question_id for each in Draw(0.25, 4).of(_places(40, 2))] != chosen
    assert len(draw.of(_places(1, 1))) == 1
    assert draw.of([]) == []


@pytest.mark.parametrize("share", [0, -0.1, 1.5, float("nan")])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(WozError, match="more than 0 and at most 100"):
        Draw(share)
