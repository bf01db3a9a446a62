"""A session whose language was set to one that isn't spoken says so, and names the one that is."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.transcription.failing import FailingEngine
from tests.transcription.sounds import write_wav
from woz.base.errors import WozError
from woz.model.people import Role
from woz.transcription.attribution import doubts
from woz.transcription.stages import Session
from woz.transcription.steps import Steps
from woz.transcription.task import Result, Settings, Task, Track, Voice
from woz.transcription.tracks import RATE

CLEARER = {"fr": 0.62, "br": 0.3, "en": 0.02}
UNCLEAR = {"nn": 0.32, "fr": 0.29, "br": 0.29, "en": 0.02}


class HearsFrench(FailingEngine):
    """By how loud a voice is; both together are French by 0.45, as *base* heard half a minute of it."""

    def languages(self, samples: NDArray[np.float32]) -> dict[str, float]:
        return CLEARER if float(np.max(samples)) > 0.3 else UNCLEAR


def _result(model: Path, language: str | None, seconds: int = 12) -> Result:
    noise = np.random.default_rng(0).uniform(-1, 1, seconds * RATE).astype(np.float32)
    voices = tuple(
        Voice(role, Track(str(write_wav(model.parent / f"{role}.wav", noise * level))))
        for role, level in ((Role.TRAINEE, 0.2), (Role.EXPERT, 0.5))
    )
    task = Task(voices, Settings(str(model), language=language))
    return Session(task, HearsFrench(task.settings), Steps(task, lambda *_: None), lambda _: None).run()


def _about_language(result: Result) -> list[str]:
    return [fault for fault in result.faults if "language" in fault]


def test_half_a_minute_of_french_in_a_session_set_to_english_is_doubtful(model: Path) -> None:
    result = _result(model, "en")
    (fault,) = _about_language(result)
    assert "set to en" in fault
    assert "sounds like fr; listen, and if so, transcribe again with the language fr" in fault
    assert fault in doubts(result)
    assert result.language == "en"


@pytest.mark.parametrize("language", ["fr", None])
def test_with_the_right_one_or_none_nothing_is_told(model: Path, language: str | None) -> None:
    result = _result(model, language)
    assert result.language == "fr"
    assert _about_language(result) == []


def test_a_few_seconds_are_too_little_to_doubt_by(model: Path) -> None:
    assert _about_language(_result(model, "en", seconds=6)) == []


def _knows(model: Path, *codes: str) -> None:
    """As a tokenizer's file says it, among much else."""
    tokens = ["<|startoftranscript|>", *(f"<|{code}|>" for code in codes), "<|translate|>", "<|0.02|>"]
    added = [{"id": 50_257 + i, "content": token, "special": True} for i, token in enumerate(tokens)]
    (model / "tokenizer.json").write_text(json.dumps({"version": "1.0", "added_tokens": added, "model": {}}))


def test_a_language_that_the_model_has_not_is_refused_before_any_sound_is_read(model: Path) -> None:
    _knows(model, "en", "fr", "haw")
    voice = Voice(Role.TRAINEE, Track(str(model.parent / "nowhere.wav")))
    for language in ("English", "it", "translate"):
        task = Task((voice,), Settings(str(model), language=language))
        session = Session(task, HearsFrench(task.settings), Steps(task, lambda *_: None), lambda _: None)
        with pytest.raises(WozError, match=f"no language “{language}”; name one by its code"):
            session.run()


@pytest.mark.parametrize("language", ["fr", None])
def test_one_that_it_has_is_taken(model: Path, language: str | None) -> None:
    _knows(model, "en", "fr")
    assert _result(model, language).language == "fr"


def test_a_folder_that_does_not_tell_its_languages_refuses_none(model: Path) -> None:
    for text in ("{}", "no JSON", json.dumps({"added_tokens": None})):
        (model / "tokenizer.json").write_text(text)
        assert _result(model, "fr").language == "fr"
