"""Words that may be invented are flagged, and none is dropped."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from woz.base.interval import Interval
from woz.model.transcript import CUT
from woz.transcription.guards import GUESS, PHANTOM, REPEATED, SILENCE, guarded, guessed
from woz.transcription.task import Heard

RATE = 16_000
NOISE = np.random.default_rng(0).normal(0, 0.1, 60 * RATE).astype(np.float32)


def _said(text: str) -> list[Heard]:
    return [Heard(word, i * 10**9, i * 10**9 + 800_000_000) for i, word in enumerate(text.split())]


def _flagged(text: str) -> dict[str, list[str]]:
    words = guarded(_said(text), NOISE, RATE)
    assert [word.text for word in words] == text.split()
    return {flag: [w.text for w in words if w.flag == flag] for flag in {w.flag for w in words}}


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("no no no no no no stop", 5),
        ("yes yes yes that is right", 0),
        ("take it out take it out take it out now", 6),
        ("the screw the screw goes here", 0),
    ],
)
def test_repetition_is_flagged_but_for_the_first_time(text: str, count: int) -> None:
    assert len(_flagged(text).get(REPEATED, [])) == count


def test_that_text_may_be_missing_after_a_word_is_said_also_of_one_that_repeats() -> None:
    words = _said("no no no no no no")
    flags = [word.flag for word in guarded([*words[:-1], replace(words[-1], flag=CUT)], NOISE, RATE)]
    assert flags == ["", REPEATED, REPEATED, REPEATED, REPEATED, CUT]


def test_words_of_a_window_that_the_recogniser_guessed_at_are_flagged() -> None:
    unsure = {"text": "I'm going", "start": 0.0, "end": 2.0, "avg_logprob": -1.7, "no_speech": 0.6}
    faint = {"text": "to use", "start": 2.0, "end": 4.0, "avg_logprob": -1.7, "no_speech": 0.1}
    words = guessed(_said("I'm going to use"), [unsure, faint])
    assert [word.flag for word in words] == [GUESS, GUESS, "", ""]
    assert [word.flag for word in guarded(words, NOISE, RATE)] == [GUESS, GUESS, "", ""]


def test_a_window_of_marks_alone_is_flagged_and_the_marks_of_words_are_not() -> None:
    marks = {"text": ". …", "start": 0.0, "end": 2.0, "avg_logprob": -0.1, "no_speech": 0.0}
    words = {"text": "- Yes.", "start": 2.0, "end": 4.0, "avg_logprob": -0.1, "no_speech": 0.0}
    assert [word.flag for word in guessed(_said(". … - Yes."), [marks, words])] == [GUESS, GUESS, "", ""]


def test_a_few_letters_for_much_speech_are_flagged_and_short_words_for_little_are_not() -> None:
    """As models write “Thank you.” for half a minute of music."""
    text = {"text": "Thank you.", "start": 0.0, "end": 28.0, "avg_logprob": -0.8, "no_speech": 0.2}
    assert [word.flag for word in guessed(_said("Thank you."), [text])] == [GUESS, GUESS]
    spoken = [Interval(2 * 10**9, 3 * 10**9), Interval(20 * 10**9, 21 * 10**9)]
    assert [word.flag for word in guessed(_said("Thank you."), [text], spoken)] == ["", ""]


@pytest.mark.parametrize(
    ("logprob", "end_s", "flag"), [(-1.8, 6.0, GUESS), (-0.4, 6.0, ""), (-1.8, 4.0, ""), (-0.4, 9.0, GUESS)]
)
def test_a_text_is_a_guess_where_people_say_more_if_it_is_unsure_or_there_is_much_speech(
    logprob: float, end_s: float, flag: str
) -> None:
    said = "I don't know what"
    text = {"text": said, "start": 0.0, "end": end_s, "avg_logprob": logprob, "no_speech": 0.01}
    assert {word.flag for word in guessed(_said(said), [text])} == {flag}


def test_a_word_that_begins_with_its_window_is_flagged_whatever_its_time_was_rounded_to() -> None:
    """95411250000.00002 ns is later than 95411250000."""
    start = 95.41125000000001
    text = {"text": "Oh.", "start": start, "end": 122.97, "avg_logprob": -1.6, "no_speech": 0.3}
    (word,) = guessed([Heard("Oh.", 95411250000, 95411250000)], [text])
    assert (start * 1e9 > word.start_ns, word.flag) == (True, GUESS)


@pytest.mark.parametrize(
    "said", ["把螺丝拧到左边的孔里然后停下来", "左のねじを少しだけ回してください", "나사를왼쪽구멍에끼우고멈추세요"]
)
@pytest.mark.parametrize(("end_s", "flag"), [(6.5, ""), (28.0, GUESS)])
def test_a_sign_that_stands_for_a_syllable_is_no_single_letter(said: str, end_s: float, flag: str) -> None:
    text = {"text": said, "start": 0.0, "end": end_s, "avg_logprob": -1.8, "no_speech": 0.01}
    assert {word.flag for word in guessed(_said(said), [text])} == {flag}


@pytest.mark.parametrize("said", ["1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12.", "3 5 0 7 8 8 1 2 9 4"])
def test_a_digit_is_said_as_a_word(said: str) -> None:
    text = {"text": said, "start": 0.0, "end": 10.0, "avg_logprob": -0.1, "no_speech": 0.01}
    assert {word.flag for word in guessed(_said(said), [text])} == {""}


@pytest.mark.parametrize(("scores", "flag"), [((0.01, 0.9), GUESS), ((0.6, 0.9), "")])
def test_unlikely_words_that_likelier_lie_in_no_speech_are_flagged(scores: tuple[float, float], flag: str) -> None:
    said = [{"word": word, "score": score} for word, score in zip(("Thank", "you."), scores, strict=True)]
    text = {"text": "Thank you.", "start": 0.0, "end": 2.0, "avg_logprob": -0.8, "no_speech": 0.7, "words": said}
    assert [word.flag for word in guessed(_said("Thank you."), [text])] == [flag, flag]
    assert {word.flag for word in guessed(_said("Thank you."), [{**text, "no_speech": 0.4}])} == {""}


@pytest.mark.parametrize("text", ["now Thanks for watching!", "dann Vielen Dank fürs Zuschauen.", "谢谢观看"])
def test_phantom_phrases_are_flagged(text: str) -> None:
    assert _flagged(text)[PHANTOM] == (text.split()[1:] or [text])


def test_a_phrase_inside_other_words_is_no_phantom() -> None:
    assert PHANTOM not in _flagged("the nothanks for watching birds")


def test_words_on_silence_are_flagged() -> None:
    sound = NOISE.copy()
    sound[2 * RATE : 3 * RATE] = 0.0
    words = guarded(_said("one two three four"), sound, RATE)
    assert [word.flag for word in words] == ["", "", SILENCE, ""]
