"""Turns that were made elsewhere lie within their session."""

from __future__ import annotations

import pytest

from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.dataset.turn_bounds import within_session
from woz.model.ids import TranscriptId, TurnId
from woz.model.people import Role
from woz.model.transcript import Turn, Word

S = 1_000_000_000


def turn(start_s: int, end_s: int) -> Turn:
    words = tuple(Word(str(s), Interval(s * S, (s + 1) * S)) for s in range(start_s, end_s))
    return Turn(
        TurnId(str(start_s)), TranscriptId("t"), Role.TRAINEE, Interval(start_s * S, end_s * S), "x", words=words
    )


def test_a_turn_that_ends_after_the_session_is_cut_with_its_words() -> None:
    kept, cut = within_session([turn(1, 3), turn(8, 12)], round(9.5 * S))
    assert cut == 1
    assert kept[0] == turn(1, 3)
    assert kept[1].interval == Interval(8 * S, round(9.5 * S))
    assert [(w.text, w.interval.end_ns / S) for w in kept[1].words] == [("8", 9.0), ("9", 9.5)]


def test_turns_that_begin_after_the_session_are_refused_in_a_sentence() -> None:
    with pytest.raises(
        WozError, match=r"2 of 3 turns begin after the session's end \(10\.0 s\); nothing was imported"
    ):
        within_session([turn(1, 3), turn(10, 12), turn(30, 31)], 10 * S)


def test_one_turn_that_begins_after_the_session_is_told_as_one() -> None:
    with pytest.raises(WozError, match="1 of 1 turn begins after"):
        within_session([turn(30, 31)], 10 * S)


def test_where_the_end_is_not_known_all_stay() -> None:
    assert within_session([turn(1, 3)], None) == ([turn(1, 3)], 0)
