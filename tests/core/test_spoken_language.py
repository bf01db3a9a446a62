"""The language that a session is found to be in: of all its voices, by how much each of them says."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from woz.model.people import Role
from woz.transcription.cache import Cache
from woz.transcription.engine import Plan
from woz.transcription.listening import Prepared
from woz.transcription.packing import Packing, Region
from woz.transcription.spoken_language import (
    asked_of,
    languages_of,
    likeliest,
    pooled,
    spoken_instead,
    telling,
)
from woz.transcription.steps import Steps
from woz.transcription.task import Settings, Task, Track, Voice
from woz.transcription.tracks import RATE
from woz.transcription.work import Work

CLEAR = {"fr": 0.85, "br": 0.07, "nn": 0.02}
UNCLEAR = {"nn": 0.32, "fr": 0.29, "br": 0.29}
"""As a real model hears the two voices of half a minute of French; the unclear one says more."""


@dataclass
class Hears:
    """An engine that hears each level of sound as a language that was written down for it."""

    model: Path
    by_level: dict[float, dict[str, float]]
    asked: list[float] = field(default_factory=list)
    plan: Plan = field(default_factory=lambda: Plan("cpu", "int8", 1))
    notes: tuple[str, ...] = ()

    def model_path(self) -> str:
        return str(self.model)

    def languages(self, samples: NDArray[np.float32]) -> dict[str, float]:
        level = round(float(np.max(samples)), 2)
        self.asked.append(level)
        return self.by_level[level]


def _voice(level: float, *speech: Region, speaker: str = Role.TRAINEE) -> Prepared:
    samples = np.full(100 * RATE, level, np.float32)
    packing = Packing.of(list(speech), 100.0, RATE)
    track = Voice(speaker, Track("none.wav"))
    return Prepared(track, 0, lambda: samples, (), list(speech), packing, f"{level}")


def _work(engine: Any, folder: Path) -> Work:
    task = Task((Voice(Role.TRAINEE, Track("none.wav")),), Settings("none"), None, "a")
    return Work(engine, Cache(folder / "cache"), Steps(task, lambda stage, part: None), lambda text: None)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "weights").write_text("none")
    return folder


def test_a_voice_that_is_clear_outweighs_one_that_says_more_and_is_not(model: Path, tmp_path: Path) -> None:
    engine = Hears(model, {0.1: CLEAR, 0.2: UNCLEAR})
    voices = [_voice(0.1, (1.0, 11.9)), _voice(0.2, (1.0, 12.1), speaker=Role.EXPERT)]
    assert likeliest(languages_of(_work(engine, tmp_path), voices)) == "fr"
    assert sorted(engine.asked) == [0.1, 0.2]
    assert likeliest(languages_of(_work(engine, tmp_path), voices)) == "fr"
    assert len(engine.asked) == 2
    assert likeliest(languages_of(_work(Hears(model, {0.2: UNCLEAR}), tmp_path), voices[1:])) == "nn"


def test_a_voice_counts_by_how_much_it_says(model: Path, tmp_path: Path) -> None:
    engine = Hears(model, {0.1: {"it": 0.95, "es": 0.05}, 0.2: {"es": 0.8, "it": 0.2}})
    voices = [_voice(0.1, (1.0, 3.0)), _voice(0.2, (1.0, 20.0), speaker=Role.EXPERT)]
    assert likeliest(languages_of(_work(engine, tmp_path), voices)) == "es"


def test_where_nobody_speaks_no_language_is_asked_for(model: Path, tmp_path: Path) -> None:
    engine = Hears(model, {})
    likely = languages_of(_work(engine, tmp_path), [_voice(0.1)])
    assert likely == {}
    assert likeliest(likely) == spoken_instead("en", likely, 0) == ""
    assert engine.asked == []


def test_the_probability_is_the_mean_weighted_by_speech() -> None:
    likely = pooled([(3.0, {"fr": 0.5, "nn": 0.4}), (1.0, {"fr": 0.1, "nn": 0.2, "br": 0.7})])
    assert likely == pytest.approx({"fr": 0.4, "nn": 0.35, "br": 0.175})
    assert likeliest(likely) == "fr"


@pytest.mark.parametrize(
    ("wanted", "likely", "spoken"),
    [
        ("en", {"it": 0.84, "en": 0.15}, "it"),
        ("en", {"fr": 0.57, "nn": 0.18, "br": 0.15, "en": 0.02}, "fr"),
        ("en", {"fr": 0.47, "nn": 0.2, "br": 0.2, "en": 0.02}, ""),
        ("en", {"de": 0.52, "en": 0.45}, ""),
        ("en", {"de": 0.47, "fr": 0.46, "en": 0.01}, ""),
        ("no", {"nn": 0.65, "no": 0.3}, ""),
        ("it", {"it": 0.95, "es": 0.05}, ""),
        ("it", {"en": 1.0}, "en"),
    ],
    ids=[
        "clear",
        "others share the rest",
        "unclear",
        "two tongues",
        "two others",
        "near",
        "right",
        "English alone",
    ],
)
def test_a_language_is_spoken_instead_where_it_is_likelier_than_all_others_and_far_than_the_one_set(
    wanted: str, likely: dict[str, float], spoken: str
) -> None:
    assert spoken_instead(wanted, likely, 2) == spoken


def test_one_window_alone_must_be_surer_than_two() -> None:
    likely = {"th": 0.6, "it": 0.01}
    assert (spoken_instead("it", likely, 1), spoken_instead("it", likely, 2)) == ("", "th")
    assert spoken_instead("it", {"de": 0.87, "it": 0.01}, 1) == "de"


def test_the_first_window_of_each_voice_is_asked_before_a_second_one() -> None:
    much = _voice(0.1, (1.0, 25.0), (40.0, 60.0), (70.0, 90.0))
    little = _voice(0.2, (50.0, 54.0), speaker=Role.EXPERT)
    assert [(part.one, round(part.speech_s)) for part in asked_of([little, much])] == [(much, 24), (little, 4)]
    alone = asked_of([much])
    assert [part.window for part in alone] == much.packing.chunks(30.0)[:2]
    assert [round(part.speech_s) for part in alone] == [24, 20]
    assert all(0 < len(part.sound) <= 30 * RATE for part in alone)


def test_a_word_or_two_of_another_voice_are_no_second_window() -> None:
    long, short = _voice(0.1, (1.0, 25.0)), _voice(0.2, (1.0, 1.4), speaker=Role.EXPERT)
    assert telling(asked_of([long, short])) == 1
    assert telling(asked_of([short])) == 1
    assert telling(asked_of([long, _voice(0.2, (1.0, 4.5), speaker=Role.EXPERT)])) == 2
