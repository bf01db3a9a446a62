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
from woz.transcription.spoken_language import MOST, Sounding, sounding, sounding_of, windows_of
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
    assert sounding_of(_work(engine, tmp_path), voices, None).likeliest == "fr"
    assert sorted(engine.asked) == [0.1, 0.2]
    assert sounding_of(_work(engine, tmp_path), voices, None).likeliest == "fr"
    assert len(engine.asked) == 2
    assert sounding_of(_work(Hears(model, {0.2: UNCLEAR}), tmp_path), voices[1:], None).likeliest == "nn"


def test_half_a_minute_of_french_is_told_where_english_was_set(model: Path, tmp_path: Path) -> None:
    """Both voices together aren't likelier French than all else; English is next to excluded."""
    voices = [_voice(0.1, (1.0, 11.9)), _voice(0.2, (1.0, 12.1), speaker=Role.EXPERT)]
    little = {0.1: {"fr": 0.62, "br": 0.3, "en": 0.02}, 0.2: {**UNCLEAR, "en": 0.02}}
    found = sounding_of(_work(Hears(model, little), tmp_path), voices, "en")
    assert 0.4 < found.likely["fr"] < 0.5
    assert found.instead_of("en") == "fr"
    assert found.instead_of("fr") == ""


def test_a_voice_counts_by_how_much_it_says(model: Path, tmp_path: Path) -> None:
    engine = Hears(model, {0.1: {"it": 0.95, "es": 0.05}, 0.2: {"es": 0.8, "it": 0.2}})
    voices = [_voice(0.1, (1.0, 3.0)), _voice(0.2, (1.0, 20.0), speaker=Role.EXPERT)]
    assert sounding_of(_work(engine, tmp_path), voices, None).likeliest == "es"


def test_where_nobody_speaks_no_language_is_asked_for(model: Path, tmp_path: Path) -> None:
    engine = Hears(model, {})
    found = sounding_of(_work(engine, tmp_path), [_voice(0.1)], "en")
    assert found.likely == {}
    assert found.likeliest == found.instead_of("en") == ""
    assert engine.asked == []


def test_the_probability_is_the_mean_weighted_by_speech() -> None:
    found = sounding([(3.0, {"fr": 0.5, "nn": 0.4}), (1.0, {"fr": 0.1, "nn": 0.2, "br": 0.7})])
    assert found.likely == pytest.approx({"fr": 0.4, "nn": 0.35, "br": 0.175})
    assert found.likeliest == "fr"
    assert found.speech_s == 4.0


@pytest.mark.parametrize(
    ("wanted", "likely", "spoken"),
    [
        ("en", {"it": 0.84, "en": 0.15}, "it"),
        ("en", {"fr": 0.57, "nn": 0.18, "br": 0.15, "en": 0.02}, "fr"),
        ("en", {"fr": 0.47, "nn": 0.2, "br": 0.2, "en": 0.02}, ""),
        ("en", {"de": 0.52, "en": 0.45}, ""),
        ("no", {"nn": 0.85, "no": 0.1}, ""),
        ("it", {"it": 0.95, "es": 0.05}, ""),
        ("it", {"en": 1.0}, "en"),
    ],
    ids=["clear", "others share the rest", "unclear", "two tongues", "one tongue", "right", "English alone"],
)
def test_a_language_is_spoken_instead_where_it_is_likelier_than_all_others_and_far_than_the_one_set(
    wanted: str, likely: dict[str, float], spoken: str
) -> None:
    """However little is said."""
    assert Sounding(likely, 2, 6.0).instead_of(wanted) == spoken


@pytest.mark.parametrize(
    ("wanted", "likely", "spoken"),
    [
        ("en", {"fr": 0.47, "nn": 0.2, "br": 0.2, "en": 0.02}, "fr"),
        ("en", {"fr": 0.47, "nn": 0.2, "br": 0.2, "en": 0.06}, ""),
        ("en", {"fr": 0.38, "nn": 0.3, "br": 0.3, "en": 0.01}, ""),
        ("fr", {"br": 0.57, "fr": 0.27}, ""),
        ("no", {"nn": 0.47, "da": 0.3, "sv": 0.2, "no": 0.03}, ""),
    ],
    ids=["excluded", "not excluded", "none is likely", "kin", "one tongue"],
)
def test_enough_speech_that_leaves_nothing_for_the_language_set_tells_too(
    wanted: str, likely: dict[str, float], spoken: str
) -> None:
    assert Sounding(likely, 2, 22.0).instead_of(wanted) == spoken
    assert Sounding(likely, 2, 14.0).instead_of(wanted) == ""
    assert Sounding(likely, 1, 22.0).instead_of(wanted) == ""


def test_one_window_alone_must_be_surer_than_two() -> None:
    likely = {"th": 0.6, "it": 0.01}
    assert [Sounding(likely, windows, 6.0).instead_of("it") for windows in (1, 2, 6)] == ["", "th", "th"]
    assert Sounding({"de": 0.87, "it": 0.01}, 1, 6.0).instead_of("it") == "de"


def test_the_first_window_of_each_voice_is_asked_before_a_second_one() -> None:
    much = _voice(0.1, (1.0, 25.0), (40.0, 60.0), (70.0, 90.0))
    little = _voice(0.2, (50.0, 54.0), speaker=Role.EXPERT)
    both = windows_of([little, much])
    assert [(part.one, round(part.speech_s)) for part in both[:2]] == [(much, 24), (little, 4)]
    alone = windows_of([much])
    assert (
        [part.window for part in alone]
        == much.packing.chunks(30.0)
        == [part.window for part in both[:1] + both[2:]]
    )
    assert [round(part.speech_s) for part in alone] == [24, 20, 20]
    assert all(0 < len(part.sound) <= 30 * RATE for part in alone)


LONG = [(float(at), at + 18.0) for at in range(1, 80, 24)]
"""Four windows of one voice."""


def test_while_windows_do_not_tell_further_ones_are_asked(model: Path, tmp_path: Path) -> None:
    engine = Hears(model, {0.2: UNCLEAR})
    found = sounding_of(_work(engine, tmp_path), [_voice(0.2, *LONG)], "en")
    assert (found.windows, len(engine.asked)) == (4, 4)
    assert found.instead_of("en") == ""
    both = [_voice(0.2, *LONG), _voice(0.1, *LONG, speaker=Role.EXPERT)]
    many = Hears(model, {0.1: UNCLEAR, 0.2: UNCLEAR})
    assert sounding_of(_work(many, tmp_path / "many"), both, None).windows == MOST == len(many.asked)


def test_windows_that_tell_are_asked_no_further(model: Path, tmp_path: Path) -> None:
    for name, wanted in (("right", "fr"), ("wrong", "en"), ("free", None)):
        engine = Hears(model, {0.1: CLEAR})
        assert sounding_of(_work(engine, tmp_path / name), [_voice(0.1, *LONG)], wanted).likeliest == "fr"
        assert len(engine.asked) == 2, name


def test_a_faint_doubt_goes_where_further_windows_are_in_the_language_that_was_set(
    model: Path, tmp_path: Path
) -> None:
    french, english = {"fr": 0.45, "br": 0.4, "en": 0.02}, {"en": 0.95, "fr": 0.02}
    voices = [_voice(level, (1.0, 1.0 + long_s)) for level, long_s in ((0.1, 12), (0.2, 11), (0.3, 10), (0.4, 10))]
    engine = Hears(model, {0.1: french, 0.2: french, 0.3: english, 0.4: english})
    assert sounding_of(_work(engine, tmp_path), voices[:2], "en").instead_of("en") == "fr"
    found = sounding_of(_work(engine, tmp_path), voices, "en")
    assert (found.windows, found.likeliest, found.instead_of("en")) == (4, "en", "")


def test_a_word_or_two_of_another_voice_are_no_second_window() -> None:
    assert sounding([(24.0, CLEAR), (0.4, CLEAR)]).windows == 1
    assert sounding([(0.4, CLEAR)]).windows == 1
    assert sounding([(24.0, CLEAR), (3.5, CLEAR)]).windows == 2
