"""Where a window's text begins in the middle of a sentence, its capital goes, but for names and nouns."""

from __future__ import annotations

import pytest

from woz.transcription.sentence_case import PAUSE_NS, in_one_sentence
from woz.transcription.task import Heard

SECOND = 10**9


def _said(text: str, first: int, gap_ns: int = 0) -> list[str]:
    """A word each second; `first` is the word that begins the second window, `gap_ns` is silent before it."""
    words = [
        Heard(word, i * SECOND + gap_ns * (i >= first), (i + 1) * SECOND + gap_ns * (i >= first))
        for i, word in enumerate(text.split())
    ]
    return [word.text for word in in_one_sentence(words, [words[0].start_ns, words[first].start_ns])]


@pytest.mark.parametrize(
    ("text", "first", "wanted"),
    [
        ("Take the pan and The bowl.", 4, "the"),
        ("Nimm das und “Das da.", 3, "“das"),
        ("Tu prends la poêle et La, oui.", 5, "la,"),
        ("Take the pan and put. The bowl.", 5, "The"),
        ("Ask Diane, not diane, and Diane knows.", 5, "Diane"),
        ("Take it and Sheila knows.", 3, "Sheila"),
        ("Take it and I know.", 3, "I"),
        ("Take a usb or USB plug.", 4, "USB"),
        ("次は 赤い 。", 1, "赤い"),
    ],
    ids=[
        "goes",
        "quoted",
        "mark after",
        "new sentence",
        "name",
        "unknown",
        "I",
        "all big",
        "none",
    ],
)
def test_a_capital_goes_where_the_voice_says_the_word_small(text: str, first: int, wanted: str) -> None:
    found = _said(text, first)
    assert found[first] == wanted
    assert found[:first] + found[first + 1 :] == text.split()[:first] + text.split()[first + 1 :]


def test_after_a_silence_it_stays() -> None:
    text = "Take the pan and The bowl."
    assert _said(text, 4, PAUSE_NS - 1)[4] == "the"
    assert _said(text, 4, PAUSE_NS)[4] == "The"


def test_without_words_there_is_nothing_to_do() -> None:
    assert in_one_sentence([], []) == []
