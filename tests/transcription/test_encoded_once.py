"""A window that was asked for its language is encoded once: by a tiny model of random weights."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.transcription.conftest import Models
from woz.base.errors import WozError
from woz.transcription.engine import Plain, Plan
from woz.transcription.recogniser import REMEMBERED, TRANSCRIBE, WINDOW, How, Recogniser
from woz.transcription.tracks import RATE
from woz.transcription.windows import LONGEST

Samples = NDArray[np.float32]

MANY = [
    np.random.default_rng(i).normal(0, 0.05 * (i + 1), 8 * RATE + i).astype(np.float32)
    for i in range(REMEMBERED + 1)
]
"""All in windows of one length."""
NOISES = MANY[:3]


class Multilingual:
    """CTranslate2's model, which knows English alone, with one language more."""

    is_multilingual = True

    def __init__(self, model: Any) -> None:
        self._model = model

    def detect_language(self, encoded: Any) -> list[list[tuple[str, float]]]:
        return [[("<|en|>", 0.75), ("<|it|>", 0.25)]]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)


@pytest.fixture
def recogniser(models: Models) -> Recogniser:
    made = Recogniser(str(models.whisper), Plan("cpu", "int8", 8), 1, timed=True)
    made._model.model = Multilingual(made._model.model)
    return made


@pytest.fixture
def encoded(recogniser: Recogniser, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many windows the encoder is given at each call."""
    counts: list[int] = []
    encode = recogniser._model.encode

    def counting(features: Samples) -> Any:
        counts.append(len(features))
        return encode(features)

    monkeypatch.setattr(recogniser._model, "encode", counting)
    return counts


def _heard(recogniser: Recogniser, *sounds: Samples) -> list[Plain]:
    return recogniser.recognise(sounds, How("en", TRANSCRIBE, 2), 8, lambda part: None)


def test_a_window_that_was_asked_is_not_encoded_again_and_has_the_same_text(
    recogniser: Recogniser, encoded: list[int]
) -> None:
    wanted = _heard(recogniser, NOISES[0])
    assert encoded == [1]
    assert recogniser.languages(NOISES[0]) == {"en": 0.75, "it": 0.25}
    assert encoded == [1, 1]
    assert _heard(recogniser, NOISES[0]) == wanted
    assert encoded == [1, 1]
    assert _heard(recogniser, NOISES[0]) == wanted
    assert encoded == [1, 1, 1]


def test_a_language_that_the_model_has_not_is_told_in_a_sentence(recogniser: Recogniser) -> None:
    with pytest.raises(WozError, match="no language “English”; name one by its code"):
        recogniser.recognise(NOISES[:1], How("English", TRANSCRIBE, 2), 8, lambda part: None)


def test_a_window_with_a_sample_too_many_is_heard(recogniser: Recogniser) -> None:
    """Times in seconds are rounded to samples at both ends."""
    sound = np.random.default_rng(9).normal(0, 0.05, WINDOW + 1).astype(np.float32)
    assert recogniser._features([sound]).shape[2] == LONGEST
    (found,) = _heard(recogniser, sound)
    assert found["end"] == pytest.approx(30.0, abs=0.01)


@pytest.mark.parametrize("asked", [0, 1, 2])
def test_beside_others_each_window_has_its_own(recogniser: Recogniser, encoded: list[int], asked: int) -> None:
    wanted = np.asarray(recogniser._encoded(NOISES))
    recogniser.languages(NOISES[asked])
    made = np.asarray(recogniser._encoded(NOISES))
    assert encoded == [3, 1, 2]
    apart = [[float(np.abs(one - other).mean()) for other in wanted] for one in made]
    assert [int(np.argmin(row)) for row in apart] == [0, 1, 2]


def test_only_the_last_windows_asked_are_remembered(recogniser: Recogniser, encoded: list[int]) -> None:
    for noise in MANY:
        recogniser.languages(noise)
    encoded.clear()
    _heard(recogniser, *MANY)
    assert encoded == [1]
    _heard(recogniser, *MANY[1:])
    assert encoded == [1, REMEMBERED]
