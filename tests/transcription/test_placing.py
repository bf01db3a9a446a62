"""Words of packed speech lie where they were said: inside the voice activity, in order, on the track's time."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from woz.base.interval import Interval
from woz.model.transcript import SPREAD
from woz.transcription.letters import timed_text
from woz.transcription.packing import Packing
from woz.transcription.placing import FADE_NS, laid_out, placed
from woz.transcription.task import Heard
from woz.transcription.wording import words_of

RATE = 16_000
SPEECH = [(1.0, 2.0), (5.0, 6.0), (6.1, 8.0)]
"""The second and the third are near enough to be packed as one piece."""
PACKING = Packing.of(SPEECH, 20.0, RATE, 0.2)


def _said(*words: tuple[str, float, float]) -> list[Heard]:
    """By the packed sound's time, in which the pieces begin at 0 and 1.4 s."""
    return [Heard(text, round(a * 1e9), round(b * 1e9)) for text, a, b in words]


def _times(words: list[Heard]) -> list[tuple[str, float, float]]:
    return [(w.text, round(w.start_ns / 1e9, 2), round(w.end_ns / 1e9, 2)) for w in words]


def test_a_word_that_begins_before_a_pause_and_ends_after_it_lies_after_it() -> None:
    heard = _said(("Hello.", 0.2, 0.9), ("Neither", 0.9, 2.0), ("did", 2.0, 2.3))
    assert _times(placed(heard, SPEECH, PACKING)) == [
        ("Hello.", 1.0, 2.0),
        ("Neither", 5.0, 5.4),
        ("did", 5.4, 6.0),
    ]


def test_a_word_that_reaches_a_little_over_a_pause_stays_before_it() -> None:
    first, second = placed(_said(("hello", 0.3, 1.25), ("you", 1.25, 2.5)), SPEECH, PACKING)
    assert (first.start_ns, first.end_ns) == (1_000_000_000, 2_000_000_000)
    assert second.start_ns >= 5_000_000_000


def test_a_sentence_s_last_word_that_takes_the_pause_for_its_own_stays_before_it() -> None:
    heard = _said(("fit", 0.4, 0.7), ("this?", 0.8, 1.9), ("Now", 1.9, 2.1))
    assert _times(placed(heard, SPEECH, PACKING))[1:] == [("this?", 1.6, 2.0), ("Now", 5.0, 6.0)]
    after = placed(_said(("fit", 0.4, 1.15), ("this?", 1.15, 2.0)), SPEECH, PACKING)
    assert after[1].start_ns == 5_000_000_000
    signs = placed(_said(("赤", 0.5, 0.8), ("い", 0.9, 1.8), ("。", 1.8, 2.0), ("次", 2.0, 2.2)), SPEECH, PACKING)
    assert [w.end_ns <= 2_000_000_000 for w in signs] == [True, True, True, False]


def test_a_mark_before_all_words_lies_with_the_first_of_them() -> None:
    heard = _said(("-", 0.1, 0.9), ("Hello.", 1.8, 2.3))
    assert _times(placed(heard, SPEECH, PACKING)) == [("-", 5.0, 5.22), ("Hello.", 5.22, 6.0)]


def test_a_word_never_spans_a_break_inside_a_piece() -> None:
    (word,) = placed(_said(("something", 2.3, 3.3)), SPEECH, PACKING)
    assert (word.start_ns, word.end_ns) == (6_100_000_000, 6_700_000_000)


def test_words_without_a_time_of_their_own_share_their_neighbour_s() -> None:
    found = placed(_said(("a", 0.4, 0.4), ("b", 0.4, 0.4), ("longer", 0.4, 0.8)), SPEECH, PACKING)
    assert [w.text for w in found] == ["a", "b", "longer"]
    assert all(w.end_ns - w.start_ns >= 30_000_000 for w in found)
    assert found[2].end_ns <= 2_000_000_000


def test_a_last_word_far_from_the_end_keeps_its_end() -> None:
    (word,) = placed(_said(("yes", 0.2, 0.4)), SPEECH, PACKING)
    assert word.end_ns == 1_200_000_000
    assert 2_000_000_000 - word.end_ns > FADE_NS


_moments = st.lists(st.floats(0, PACKING.length_s), min_size=2, max_size=40).map(sorted)


@given(_moments, st.sampled_from(["I", "know", "originally"]))
def test_whatever_the_recogniser_says_words_are_in_order_inside_speech(at: list[float], text: str) -> None:
    heard = _said(*((text, a, b) for a, b in pairwise(at)))
    found = placed(heard, SPEECH, PACKING)
    assert len(found) == len(heard)
    for word in found:
        assert any(round(a * 1e9) <= word.start_ns <= word.end_ns <= round(b * 1e9) for a, b in SPEECH)
    for one, next_one in pairwise(found):
        assert one.end_ns <= next_one.start_ns


def test_text_without_any_times_is_spread_over_speech_alone_and_flagged() -> None:
    laid = laid_out(SPEECH, PACKING)
    segment = {"text": "one two three four five six seven eight", "start": 0.0, "end": PACKING.length_s}
    found = placed(words_of(segment, laid), SPEECH, PACKING)
    assert [w.text for w in found] == segment["text"].split()  # type: ignore[attr-defined]
    assert {w.flag for w in found} == {SPREAD}
    for word in found:
        assert sum(round(a * 1e9) <= word.start_ns < word.end_ns <= round(b * 1e9) for a, b in SPEECH) == 1
    assert {next(i for i, (a, b) in enumerate(SPEECH) if a * 1e9 <= w.start_ns < b * 1e9) for w in found} == {
        0,
        1,
        2,
    }


def test_a_word_that_could_not_be_aligned_lies_between_its_neighbours() -> None:
    timed = [{"word": "take", "start": 0.2, "end": 0.4}, {"word": "42"}, {"word": "out", "start": 0.8, "end": 1.0}]
    words = words_of({"text": "take 42 out", "start": 0.0, "end": 1.4, "words": timed})
    assert [(w.start_ns, w.end_ns) for w in words][1] == (400_000_000, 800_000_000)
    assert all(not w.flag for w in words)


def test_marks_and_case_survive_and_take_no_time() -> None:
    said = [
        (" Oh", 0.0, 0.4, 0.8),
        (",", 0.4, 0.9, 0.5),
        (" well", 0.9, 1.2, 1.0),
        ("-", 1.2, 1.2, 0.9),
        ("known.", 1.2, 1.8, 0.6),
    ]
    words = timed_text(" Oh, well-known.", said)
    assert [(w["word"], w["start"], w["end"]) for w in words] == [("Oh,", 0.0, 0.4), ("well-known.", 0.9, 1.8)]
    assert words[0]["score"] == pytest.approx(0.8)


def test_scripts_without_spaces_are_timed_by_character() -> None:
    said = [("赤い", 0.0, 0.4, 0.8), ("、", 0.4, 0.9, 0.5), ("USB", 0.9, 1.5, 1.0)]
    words = timed_text("赤い、USB", said)
    assert [w["word"] for w in words] == ["赤", "い", "、", "USB"]
    assert words[1]["start"] == pytest.approx(0.2)
    assert words[3]["start"] == pytest.approx(0.9)


def test_letters_of_a_latin_word_in_japanese_are_one_word() -> None:
    timed = [
        {"word": letter, "start": i / 10, "end": (i + 1) / 10, "score": i / 10}
        for i, letter in enumerate("赤USBHubを")
    ]
    del timed[3]["end"], timed[4]["start"]
    found = words_of({"text": "赤USB Hubを", "start": 0.0, "end": 2.0, "words": timed})
    assert [(w.text, w.start_ns, w.end_ns) for w in found] == [
        ("赤", 0, 100_000_000),
        ("USB", 100_000_000, 300_000_000),
        ("Hub", 500_000_000, 700_000_000),
        ("を", 700_000_000, 800_000_000),
    ]
    assert found[1].confidence == pytest.approx(0.2)


def test_words_that_do_not_make_up_the_text_stay_as_they_are() -> None:
    timed = [{"word": word, "start": i, "end": i + 1} for i, word in enumerate(["take", "it", "out"])]
    for text in ("take it", "take itout now", "takes out"):
        assert [w.text for w in words_of({"text": text, "start": 0.0, "end": 3.0, "words": timed})] == [
            "take",
            "it",
            "out",
        ]


def test_parts_that_do_not_make_up_the_text_time_nothing() -> None:
    assert timed_text("one two", [("one", 0.0, 1.0, 1.0)]) == []
    assert timed_text("", []) == []


def test_speech_is_where_it_was_laid() -> None:
    assert laid_out(SPEECH, PACKING)[0] == Interval(200_000_000, 1_200_000_000)
