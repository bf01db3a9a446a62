"""A question that was cut off makes no question set and is counted; short ones that are whole stay."""

from __future__ import annotations

import pytest

from tests.core.test_exchanges import SID, S, dialogue
from woz.dataset.questions.cut_off import question_cut_off
from woz.dataset.questions.proposing import of_recording, propose, questions_cut_off


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Does the?", "en"),
        ("Is it the?", "en-GB"),
        ("Is it the...?", "en"),
        ("Is it the…?", ""),
        ("So where is the", "en"),
        ("Do I need an?", "en"),
        ("Is this your?", "en"),
        ("Okay. Does the?", "en"),
        ("Okay? Does the?", "en"),
        ("Does the? Okay.", "en"),
        ("Metto il?", "it"),
        ("È quello della?", "it-IT"),
        ("Muss das ins?", "de"),
        ("Est-ce que le ?", "fr"),
        ("¿Pongo los?", "es"),
    ],
)
def test_what_ends_before_its_noun_is_cut_off(text: str, language: str) -> None:
    assert question_cut_off(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Like this?", "en"),
        ("Is it?", "en"),
        ("What for?", "en"),
        ("Where to?", "en"),
        ("What is it made of?", "en"),
        ("What with?", "en"),
        ("And?", "en"),
        ("Is this side A?", "en"),
        ("Like a?", "en"),
        ("Is it the... red one?", "en"),
        ("Does the? Does the red one go here?", "en"),
        ("Does it go here? Is the?", "en"),
        ("Which word is it, 'the'?", "en"),
        ("Is it the? The red one.", "en"),
        ("Where is the? I don't see it.", "en"),
        ("Ist es an?", ""),
        ("Ist es die?", "de"),
        ("Kommt das mit?", "de"),
        ("Schalte ich es ein?", "de"),
        ("Ne prendo una?", "it"),
        ("Lo metto la?", "it"),
        ("Vuoi il the?", "it"),
        ("Il en faut un ?", "fr"),
        ("Prends-le ?", "fr"),
        ("Un thé ?", "fr"),
        ("¿Y él?", "es"),
        ("¿Y el?", "es"),
        ("これですか", "ja"),
    ],
)
def test_a_short_question_that_is_whole_stays(text: str, language: str) -> None:
    assert not question_cut_off(text, language)


def test_a_question_cut_off_makes_no_question_set_and_is_counted() -> None:
    spoken = dialogue(
        ("t", 0, 1, "Does the?"), ("e", 2, 3, "The long screw goes in first."),
        ("t", 20, 21, "Like this?"), ("e", 22, 23, "Yes, like that."),
        ("t", 40, 41, "Is it recording?"), ("e", 42, 43, "Yes, it is."),
    )  # fmt: skip
    assert [each.text for each in propose(SID, spoken, (), 60 * S, "en")] == ["Like this?"]
    assert (questions_cut_off(spoken, "en"), of_recording(spoken)) == (1, 1)
