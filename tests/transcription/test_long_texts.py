"""Texts that half the decoder's room doesn't hold: by a tiny model of random weights that is kept from ending.

CTranslate2 takes it for one of English alone: two tokens begin a text, of which one is the task's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tests.benchmarks.transcription.declaration import ARTICLE_1
from tests.transcription.conftest import Models
from woz.transcription import recogniser as module
from woz.transcription.engine import Plain, Plan
from woz.transcription.recogniser import TRANSCRIBE, How, Recogniser
from woz.transcription.tracks import RATE

NOISE = np.random.default_rng(4).normal(0, 0.1, 8 * RATE).astype(np.float32)


@dataclass
class Watched:
    """CTranslate2's model, with the lengths of the texts that its searches gave."""

    model: Any
    lengths: list[int] = field(default_factory=list)

    def generate(self, *given: Any, **options: Any) -> Any:
        results = self.model.generate(*given, **options)
        self.lengths += [len(result.sequences_ids[0]) for result in results]
        return results

    def __getattr__(self, name: str) -> Any:
        return getattr(self.model, name)


@pytest.fixture
def recogniser(models: Models) -> Recogniser:
    made = Recogniser(str(models.whisper), Plan("cpu", "int8", 1), 1, timed=True)
    made._model.model = Watched(made._model.model)
    return made


@pytest.fixture
def endless(recogniser: Recogniser, monkeypatch: pytest.MonkeyPatch) -> None:
    """No token but those of text comes, so that no text ends."""
    tokens = recogniser._model.hf_tokenizer
    end = tokens.token_to_id("<|endoftext|>")
    monkeypatch.setattr(module, "SUPPRESSED", [-1, *range(end, tokens.get_vocab_size())])


def _heard(recogniser: Recogniser, hotwords: str = "") -> tuple[Plain, list[int]]:
    (found,) = recogniser.recognise([NOISE], How("en", TRANSCRIBE, 1, hotwords), 1, lambda part: None)
    return found, recogniser._model.model.lengths


def _trusted(monkeypatch: pytest.MonkeyPatch, most: float) -> None:
    """Texts that shrink more are taken to go round in circles; none is a guess."""
    monkeypatch.setattr(module, "REPETITIVE", most)
    monkeypatch.setattr(module, "GUESSED", -np.inf)


def test_a_text_that_ends_is_not_cut(recogniser: Recogniser) -> None:
    found, lengths = _heard(recogniser)
    assert found["cut"] is False
    assert max(lengths) < 224


@pytest.mark.usefixtures("endless")
def test_what_half_the_room_does_not_hold_gets_all_of_it(
    recogniser: Recogniser, monkeypatch: pytest.MonkeyPatch
) -> None:
    _trusted(monkeypatch, np.inf)
    found, lengths = _heard(recogniser)
    assert lengths == [224, 445]
    assert found["cut"] is True
    assert all(word["end"] <= len(NOISE) / RATE for word in found["words"])


@pytest.mark.usefixtures("endless")
def test_what_goes_round_in_circles_gets_no_more(recogniser: Recogniser, monkeypatch: pytest.MonkeyPatch) -> None:
    _trusted(monkeypatch, 0.0)
    found, lengths = _heard(recogniser)
    assert lengths == [224] * (1 + len(module.CHANCES))
    assert found["cut"] is False


@pytest.mark.usefixtures("endless")
def test_beside_a_long_glossary_it_is_not_tried(recogniser: Recogniser, monkeypatch: pytest.MonkeyPatch) -> None:
    _trusted(monkeypatch, np.inf)
    found, lengths = _heard(recogniser, "wheel " * 200)
    assert lengths == [223]
    assert found["cut"] is True


def test_what_is_said_in_letters_of_three_bytes_is_no_circle() -> None:
    tokens = list(ARTICLE_1["ka"].encode())
    result = SimpleNamespace(sequences_ids=[tokens], scores=[-0.3], no_speech_prob=0.0)
    assert not module._decoded_of(result, Letters(), len(tokens)).failed


class Letters:
    """A tokenizer of bytes."""

    eot = 256

    def decode(self, tokens: list[int]) -> str:
        return bytes(tokens).decode("utf-8", "replace")


@pytest.mark.parametrize("lacking", [0, 1, 2])
def test_of_a_letter_that_was_cut_in_two_nothing_stays(lacking: int) -> None:
    tokens = list("മല".encode())
    kept = module._whole_letters(tokens[: len(tokens) - lacking], Letters())
    assert Letters().decode(kept) == ("മല" if not lacking else "മ")
