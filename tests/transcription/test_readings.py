"""Japanese is scored as it is read aloud: only words with Kanji are read."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.benchmarks.transcription import readings
from tests.benchmarks.transcription.readings import read_aloud


@dataclass
class Token:
    surface: str
    reading: str


class Tokenizer:
    """Knows two words."""

    def tokenize(self, text: str) -> list[Token]:
        known = {"赤い": "アカイ", "は": "ワ"}
        words = ["赤い", "は", "螺子"]
        return [Token(word, known.get(word, "*")) for word in words if word in text]


def test_a_word_with_kanji_is_read_and_another_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readings, "_tokenizer", Tokenizer)
    assert read_aloud("赤いは螺子") == "アカイは螺子"


def test_a_text_without_kanji_needs_no_dictionary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readings, "_tokenizer", lambda: pytest.fail("It is asked for nothing."))
    assert read_aloud("あかい クルマ 2") == "あかい クルマ 2"
