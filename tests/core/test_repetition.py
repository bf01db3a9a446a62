"""How much a text repeats itself, alike in every script."""

from __future__ import annotations

import zlib

import pytest

from tests.benchmarks.transcription.declaration import ARTICLE_1
from woz.transcription.repetition import repetition

CIRCLE = 2.4
"""From here on a text is taken to go round."""


def _utf8(text: str) -> float:
    return len(text.encode()) / len(zlib.compress(text.encode()))


@pytest.mark.parametrize("text", ["", ARTICLE_1["en"], "and so it goes, " * 20])
def test_of_english_it_is_what_it_is_in_utf_8(text: str) -> None:
    assert repetition(text) == (_utf8(text) if text else 0.0)


@pytest.mark.parametrize("language", ARTICLE_1)
def test_what_is_said_shrinks_as_english_does_and_a_circle_more(language: str) -> None:
    text = ARTICLE_1[language]
    assert 1.0 < repetition(text) < 1.5
    said = text[: len(text) // 4]
    assert repetition(said + said[-12:] * (len(text) // 16)) > CIRCLE


@pytest.mark.parametrize("language", ["ka", "ml", "my"])
def test_by_their_bytes_some_scripts_would_seem_to_go_round(language: str) -> None:
    assert _utf8(ARTICLE_1[language]) > CIRCLE


def test_a_sign_that_stands_for_a_syllable_weighs_as_three_letters() -> None:
    assert repetition("打开红色的阀门" * 6) == _utf8("打开红色的阀门" * 6) > CIRCLE
