"""Wrong answers by rules: minimal edits, answers to like questions, and what gives the right one away."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import ClassVar

import pytest

from woz.base.interval import Interval
from woz.dataset.distractors.choosing import wrong_answers
from woz.dataset.distractors.languages import fits_language
from woz.dataset.distractors.like_answers import LOOKED_AT, Akin, known, like_answers
from woz.dataset.distractors.minimal_edits import minimal_edits
from woz.dataset.distractors.option_checks import clashes, option_problems
from woz.dataset.distractors.suggesting import by_model
from woz.dataset.questions.types import type_of
from woz.model.ids import QuestionId, SessionId
from woz.model.people import Role
from woz.model.question import Distractor, Question, QuestionKind


def asked(name: str, text: str, answer: str, *wrong: str) -> Question:
    """Each in a session of its own."""
    span = Interval(0, 1)
    options = tuple(Distractor(each) for each in wrong)
    new = Question(QuestionId(name), SessionId(name), span, Role.TRAINEE, text, answer, span, span, None, options)
    return replace(new, type=type_of(text))


@pytest.mark.parametrize(
    ("answer", "edits"),
    [
        ("Turn it to the left.", {("Turn it to the right.", "side")}),
        ("Clockwise, please.", {("Counterclockwise, please.", "direction")}),
        ("The 4 mm key.", {("The 5 mm key.", "number"), ("The 3 mm key.", "number"), ("The 4 cm key.", "unit")}),
        ("0.5 l", {("0.6 l", "number"), ("0.4 l", "number"), ("0.5 ml", "unit")}),
        ("Yes.", {("No.", "yes or no")}),
        ("Yes, that one.", set()),
        ("Use the torx.", {("Use the hex.", "tool")}),
        ("Sie kommt nach links.", {("Sie kommt nach rechts.", "side")}),
        ("Leftover dough.", set()),
        ("Push it down.", {("Push it up.", "side"), ("Pull it down.", "direction")}),
        ("This side up.", {("This side down.", "side")}),
        ("Pick up the wheels.", set()),
        ("Make a cup of coffee.", set()),
        ("Add one cup.", {("Add one teaspoon.", "unit")}),
        ("Slow down a bit.", set()),
        ("Put the new belt back on.", set()),
        ("It is at the back.", {("It is at the front.", "side")}),
        ("Unlatch that first.", set()),
        ("The first one.", {("The second one.", "order"), ("The last one.", "order")}),
        ("Open that panel. So open it.", {("Close that panel. So close it.", "direction")}),
    ],
)
def test_one_thing_is_changed(answer: str, edits: set[tuple[str, str]]) -> None:
    found = {(each.text, each.what) for each in minimal_edits(answer, ["Torx", "Hex"])}
    assert edits <= found
    assert bool(edits) == bool(found)


@pytest.mark.parametrize(
    ("answer", "other"),
    [
        ("Pull it down.", "Yeah."),
        ("Unscrew them, yeah.", "Yes, turn them."),
        ("On the left side.", "That in the middle, the center of the"),
        ("On the left side.", "Grab the damaged part. *unintelligible*"),
    ],
)
def test_what_may_be_right_or_says_nothing_is_no_wrong_answer(answer: str, other: str) -> None:
    mine, its = known([asked("q", "Should I go on?", answer), asked("o", "Like that?", other)])
    assert like_answers(mine, Akin([its])) == []


@pytest.mark.parametrize(
    ("language", "other", "text", "fits"),
    [
        ("en", "ja", "左のネジを回します。", False),
        ("en", "de", "Nach links.", False),
        ("en-GB", "en-US", "To the left.", True),
        ("en", "", "左のネジを回します。", False),
        ("en", "en", "左のネジを回します。", False),
        ("", "", "左のネジを回します。", False),
        ("", "", "Nach links.", True),
        ("", "", "12 × 4", True),
    ],
)
def test_wrong_answers_are_in_the_question_s_language(language: str, other: str, text: str, fits: bool) -> None:
    mine = replace(asked("q", "Where does the screw go?", "Into the hole at the top."), language=language)
    its = replace(asked("o", "Where is the nut?", text), language=other)
    assert fits_language(text, other, mine) == fits
    assert like_answers(known([mine])[0], Akin(known([its]))) == ([its] if fits else [])


def test_a_japanese_question_has_japanese_ones_in_any_of_its_scripts() -> None:
    mine = asked("q", "ネジはどこですか", "上の穴です。")
    assert all(fits_language(text, "", mine) for text in ("ここです。", "左側", "ﾈｼﾞ", "4"))
    assert not fits_language("Into the hole.", "", mine)
    wrong = ["左の穴に入れてください。", "In die linke Bohrung damit."]
    found = by_model(replace(mine, language="ja"), wrong, "a model", ())
    assert [each.text for each in found] == wrong[:1]


def test_beside_a_no_there_is_no_yes_but_its_own() -> None:
    """Among several yeses a no is the odd one out."""
    mine, its = known([asked("q", "Oh, just here?", "No."), asked("o", "Like that?", "Yeah. Close the box.")])
    assert [each.text for each in wrong_answers(mine, Akin([its]), (), 0)] == ["Yes."]


def test_what_is_said_at_once_after_may_be_right_as_well() -> None:
    mine = asked("q", "Where does the screw go?", "Into the left side.")
    its = replace(asked("o", "Where is the nut?", "On the table."), session_id=mine.session_id)
    later = replace(its, asked_ns=31 * 10**9)
    assert like_answers(known([mine])[0], Akin(known([its]))) == []
    assert like_answers(known([mine])[0], Akin(known([later]))) == [later]


def test_big_numbers_change_in_round_steps() -> None:
    assert [each.text for each in minimal_edits("At 180 degrees.")] == [
        "At 190 degrees.", "At 170 degrees.", "At 200 degrees.",
    ]  # fmt: skip
    assert minimal_edits("At 200 degrees.")[0].text == "At 300 degrees."


def test_options_that_are_one() -> None:
    assert "says the same" in clashes("The RED one!", ["the red one"])
    assert "contains" in clashes("the red one", ["Take the red one, please"])
    assert "empty" in clashes("?!", [])
    assert not clashes("clockwise", ["counterclockwise"])
    assert "contains" in clashes("红色", ["红色的那个"])


def test_what_gives_the_right_answer_away() -> None:
    longer = option_problems("Turn it all the way round until it clicks into its place.", ["Push it.", "Pull it."])
    assert longer == ["The right answer is far longer than every other."]
    assert "far shorter" in option_problems("Up.", ["Turn it all the way round.", "Push it until it clicks."])[0]
    assert "first person" in option_problems("I would push it.", ["It is pulled.", "It is turned."])[0]
    assert "does not speak" in option_problems("It is pushed.", ["You pull it.", "You turn it."])[0]
    assert option_problems("Push it.", ["Pull it.", "Turn it."]) == []


def test_answers_come_from_like_questions_and_are_no_copies() -> None:
    of = asked("q", "Where does the short screw go?", "Into the left side.")
    others = [
        asked("same", "Where does the short screw go now?", "Into the hole below."),
        asked("near", "Where does the plate go?", "On top of the post."),
        asked("copy", "Where is the nut?", "Into the left side"),
        asked("type", "How many screws?", "Six of them."),
    ]
    (mine,) = known([of])
    assert [each.id for each in like_answers(mine, Akin(known([of, *others])))] == ["near", "type"]


def test_those_looked_at_are_those_that_a_sort_of_all_puts_first() -> None:
    drawn = random.Random(7)
    texts = ["word " * drawn.randint(1, 9) + "x" * drawn.randint(0, 9) for _ in range(900)]
    kinds, types = (QuestionKind.ASKED, QuestionKind.UNASKED), ("where", "how", "why", None)
    all_ = [
        replace(asked(f"{n}", "Which?", text), kind=drawn.choice(kinds), type=drawn.choice(types))
        for n, text in enumerate(texts)
    ]
    akin = Akin(known(all_))
    for of in all_[::25]:
        of_kind = [each for each in all_ if each.kind == of.kind]
        wanted = sorted(of_kind, key=lambda it: (it.type != of.type, abs(len(it.answer) - len(of.answer))))
        assert [each.question for each in akin.nearest(of)] == wanted[:LOOKED_AT]


class _Measured(str):
    """A text that notes when its length is asked for."""

    asked: ClassVar[list[int]] = []

    def __len__(self) -> int:
        self.asked.append(1)
        return super().__len__()


def test_of_many_answers_no_more_are_looked_at_than_of_few() -> None:
    many = [replace(asked(f"{n}", f"Which is {n}?", ""), answer=_Measured(f"Part {n % 97}.")) for n in range(5000)]
    akin = Akin(known(many))
    (of,) = known([asked("q", "Where does it go?", "To the left side.")])
    _Measured.asked.clear()
    assert like_answers(of, akin)
    assert len(_Measured.asked) <= 10 * LOOKED_AT


def test_ten_are_chosen_where_ten_are_wanted() -> None:
    words = [
        "round",
        "wooden",
        "smallest",
        "metal",
        "glass",
        "blue",
        "paper",
        "heavy",
        "empty",
        "open",
        "leather",
        "broken",
    ]
    others = [asked(f"o{n}", f"Where is part {n}?", f"Near the {word} box.") for n, word in enumerate(words)]
    (of,) = known([asked("q", "Where does it go?", "To the left side.")])
    found = wrong_answers(of, Akin(known(others)), (), 7, 10)
    assert len({each.text for each in found}) == 10
    (full,) = known([replace(of.question, distractors=found)])
    assert wrong_answers(full, Akin(()), (), 8, 4) == found, "fewer are wanted now, and none is taken away"


def test_four_are_chosen_and_the_first_ones_stay() -> None:
    others = [asked(f"o{n}", f"Where is part {n}?", f"Near the {word} box.") for n, word in enumerate(
        ("round", "wooden", "smallest", "metal"))]  # fmt: skip
    (of,) = known([asked("q", "Where does it go?", "To the left side.", "By hand.")])
    found = wrong_answers(of, Akin(known(others)), (), 7)
    assert [each.text for each in found[:2]] == ["By hand.", "To the right side."]
    assert [(each.wording.how, each.source) for each in found[1:3]] == [
        ("minimal edit: side", ""),
        ("answer to a like question", found[2].source),
    ]
    assert (len(found), found[1].wording.utc_ns) == (4, 7)
    assert wrong_answers(of, Akin(known(reversed(others))), (), 7) == found
    (alone,) = known([asked("q", "What?", "Flour.")])
    assert wrong_answers(alone, Akin(()), (), 7) == ()
