"""Which turns of a dialogue ask and answer, when a question has been asked, and what the expert says unasked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from woz.base.interval import Interval
from woz.dataset.questions.asking import asked_at
from woz.dataset.questions.exchanges import exchanges
from woz.dataset.questions.keeping import taken_over
from woz.dataset.questions.proposing import clip_before, propose
from woz.dataset.questions.types import question_types, type_of
from woz.dataset.questions.unasked import unasked
from woz.model.ids import SessionId, TranscriptId, TurnId
from woz.model.people import Role
from woz.model.question import Distractor, QuestionKind
from woz.model.transcript import Turn, Word

S = 1_000_000_000
SID = SessionId("s")
WHO = {"t": Role.TRAINEE, "e": Role.EXPERT, "o": Role.OTHER}


def dialogue(*lines: tuple[str, float, float, str]) -> list[Turn]:
    return [
        Turn(TurnId(str(n)), TranscriptId("x"), WHO[who], Interval(round(a * S), round(b * S)), text)
        for n, (who, a, b, text) in enumerate(lines)
    ]


def pairs(turns: list[Turn]) -> list[tuple[str, str]]:
    return [(" ".join(t.text for t in x.asked), " ".join(t.text for t in x.answered)) for x in exchanges(turns)]


def test_a_question_asked_in_two_turns_is_one() -> None:
    turns = dialogue(
        ("t", 0, 1, "So this screw,"), ("t", 1.5, 2, "where does it go?"), ("e", 3, 4, "On the left."),
        ("t", 20, 21, "Is it this one?"), ("t", 21.5, 22, "Or the big one?"), ("e", 23, 24, "The big one."),
        ("t", 40, 41, "That was hard."), ("t", 41.5, 42, "What now?"), ("e", 43, 44, "Rest."),
    )  # fmt: skip
    assert pairs(turns) == [
        ("So this screw, where does it go?", "On the left."),
        ("Is it this one? Or the big one?", "The big one."),
        ("What now?", "Rest."),
    ]


def test_an_answer_may_come_after_something_else() -> None:
    turns = dialogue(
        ("t", 0, 1, "Which one?"), ("e", 2, 3, "Let me see."), ("e", 9, 10, "The red one."),
        ("t", 20, 21, "Where to?"), ("e", 22, 23, "The short one, you mean?"), ("t", 24, 25, "Yes."),
        ("e", 26, 27, "To the left."),
        ("t", 40, 41, "How much?"), ("o", 42, 43, "Coffee, anybody."), ("e", 44, 45, "Ten grams."),
    )  # fmt: skip
    assert [answer for _, answer in pairs(turns)] == ["The red one.", "To the left.", "Yes.", "Ten grams."]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Does this side go down? I can't remember.", "Upwards."),
        ("Oh, this thing?.", "To the right."),
        ("Huh?", None),
        ("Okay?", None),
        ("Right? I go on.", None),
    ],
)
def test_a_question_goes_on_or_is_none(question: str, answer: str | None) -> None:
    found = pairs(dialogue(("t", 1, 3, question), ("e", 4, 5, answer or "Go on.")))
    assert found == ([(question, answer)] if answer else [])


def test_what_is_about_the_recording_or_cut_off_is_no_question() -> None:
    said = ("You can stop the recording now.", "Oh, there's a button on the", "Take the *unintelligible* belt off.")
    assert unasked(dialogue(*[("e", 10 * n, 10 * n + 2, text) for n, text in enumerate(said)]), ()) == []
    assert len(unasked(dialogue(("e", 1, 3, "Take the old belt off.")), ())) == 1


def test_what_is_no_answer() -> None:
    for later in (
        ("e", 20, 21, "Much too late."),
        ("e", 1.1, 2, "Spoken before the question can have been understood."),
        ("t", 3, 4, "What is that?"),
    ):
        assert not [
            x for x in exchanges(dialogue(("t", 1, 2, "Which one?"), later)) if x.asked[0].text == "Which one?"
        ]


def test_an_answer_goes_on_while_its_speaker_does() -> None:
    turns = dialogue(("t", 0, 1, "Which?"), ("e", 2, 3, "The red one."), ("e", 3.5, 5, "It has a notch."),
                     ("e", 9, 10, "Now turn it."))  # fmt: skip
    assert pairs(turns) == [("Which?", "The red one. It has a notch.")]


def test_a_question_has_been_asked_when_its_last_word_was_said() -> None:
    words = tuple(Word(w, Interval(n * S, (n + 1) * S)) for n, w in enumerate(("Which", "one?", "I'm", "lost.")))
    turn = Turn(
        TurnId("a"), TranscriptId("x"), Role.TRAINEE, Interval(0, 4 * S), "Which one? I'm lost.", None, words
    )
    assert asked_at(turn) == 2 * S
    assert asked_at(replace(turn, words=words[:1])) == S
    assert asked_at(replace(turn, words=())) == 4 * S
    by_expert = replace(turn, speaker=Role.EXPERT, interval=Interval(S, 5 * S), said=Interval(0, 4 * S), words=())
    assert asked_at(by_expert) == 4 * S


def test_the_clip_ends_when_it_has_been_asked() -> None:
    assert clip_before(7 * S, 5 * S, 60 * S) == Interval(2 * S, 7 * S)
    assert clip_before(2 * S, 5 * S, 60 * S) == Interval(0, 2 * S)
    assert clip_before(70 * S, 5 * S, 60 * S) == Interval(55 * S, 60 * S)


def test_what_the_expert_says_unasked_is_a_question_of_its_own_kind() -> None:
    turns = dialogue(
        ("t", 0, 1, "Which one?"), ("e", 2, 3, "The red one over there."),
        ("e", 20, 22, "Careful, the pan is still hot."), ("e", 30, 31, "Good."),
        ("t", 40, 41, "I am done."), ("e", 42, 43, "Then we can go on to the lid."),
    )  # fmt: skip
    asked, unasked = propose(SID, turns, (), 60 * S, "it-IT")
    assert (asked.kind, unasked.kind) == (QuestionKind.ASKED, QuestionKind.UNASKED)
    assert (unasked.text[:8], unasked.answer) == ("Che cosa", "Careful, the pan is still hot.")
    assert (unasked.at_ns, unasked.clip) == (20 * S, Interval(15 * S, 20 * S))
    assert asked.evidence.turns == ("0", "1")


def test_what_was_found_out_is_kept_while_the_texts_are_the_same() -> None:
    (new,) = propose(SID, dialogue(("t", 0, 1, "Which one?"), ("e", 2, 3, "The red one.")), (), 60 * S)
    old = replace(new, distractors=(Distractor("The blue one."),), type="location")
    assert taken_over([new], [old]) == [old]
    assert taken_over([new], [replace(old, answer="The rod one.")]) == [new]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("How much flour do I need?", "measurement"),
        ("Where does this go?", "location"),
        ("Why do we grease it?", "purpose"),
        ("How do I remove the lid?", "removal"),
        ("Is it right?", "confirmation"),
        ("Which screwdriver?", "tool-selection"),
        ("The what?", "clarification"),
    ],
)
def test_a_question_s_type_is_guessed_by_its_words(text: str, kind: str) -> None:
    assert type_of(text) == kind
    assert kind in question_types()
