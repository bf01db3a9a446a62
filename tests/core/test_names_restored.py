"""Names come back into what was made of a text that left without them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from woz.base.interval import Interval
from woz.model.ids import TranscriptId, TurnId
from woz.model.people import Role
from woz.model.transcript import Turn, Word
from woz.privacy.names.listing import NameKind, NameList
from woz.privacy.names.replacing import cleaned
from woz.privacy.names.restoring import named_again, stands_in

NAMES = NameList().with_name("Anneliese", NameKind.PERSON).with_name("Jean-Luc Picard", NameKind.PERSON)
WORDS = ("Ask", "Annelise’s", "friend", "jean", "luc", "picard.")


def _turn(text: str = " ".join(WORDS), words: tuple[str, ...] = WORDS) -> Turn:
    timed = tuple(Word(word, Interval(10 * i, 10 * i + 8), 0.5) for i, word in enumerate(words))
    return Turn(TurnId("t"), TranscriptId("s"), Role.EXPERT, Interval(0, 60), text, words=timed)


def test_what_nobody_changed_is_the_projects_own_to_the_letter() -> None:
    turn = _turn()
    left = cleaned(turn, NAMES)
    assert "Annelise" not in left.text
    assert stands_in(left, NAMES)
    assert named_again(left, turn, NAMES) == turn
    assert not stands_in(turn, NAMES)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ("Please ask [PERSON_1] friend [PERSON_2].", "Please ask Annelise’s friend jean luc picard."),
        ("Ask [PERSON_1], and [PERSON_1] too.", "Ask Annelise’s, and Annelise’s too."),
        ("Ask nobody.", "Ask nobody."),
        ("Ask [PERSON_3].", "Ask [PERSON_3]."),
    ],
)
def test_forms_come_back_into_a_changed_text(made: str, said: str) -> None:
    turn = _turn()
    assert named_again(replace(cleaned(turn, NAMES), text=made), turn, NAMES).text == said


def test_two_forms_of_one_name_come_back_in_their_order_or_as_the_list_has_it() -> None:
    turn = _turn("Annelise, is that Anne Liese?", ())
    left = cleaned(turn, NAMES)
    assert left.text == "[PERSON_1], is that [PERSON_1]?"
    assert named_again(replace(left, text="[PERSON_1]: [PERSON_1]?"), turn, NAMES).text == "Annelise: Anne Liese?"
    assert named_again(replace(left, text="Is that [PERSON_1]?"), turn, NAMES).text == "Is that Anneliese?"
    assert named_again(left, None, NAMES).text == "Anneliese, is that Anneliese?"


def test_the_words_of_a_name_come_back_where_its_time_stayed() -> None:
    turn = _turn()
    left = cleaned(turn, NAMES)
    assert [word.text for word in left.words] == ["Ask", "[PERSON_1]", "friend", "[PERSON_2]"]
    doubted = replace(left, words=tuple(replace(word, doubt=True) for word in left.words[:1]) + left.words[1:])
    assert named_again(doubted, turn, NAMES).words == (replace(turn.words[0], doubt=True), *turn.words[1:])
    later = tuple(replace(w, interval=Interval(w.interval.start_ns + 1, w.interval.end_ns)) for w in left.words)
    moved = named_again(replace(left, words=later), turn, NAMES).words
    assert [word.text for word in moved] == ["Ask", "Anneliese", "friend", "Jean-Luc Picard"]


def test_what_comes_back_leaves_again_as_it_was() -> None:
    """So that the next edit of the same turn finds it as its annotator saw it."""
    turn = _turn()
    made = replace(cleaned(turn, NAMES), text="Please ask [PERSON_1] friend [PERSON_2].")
    assert cleaned(named_again(made, turn, NAMES), NAMES) == made
