"""Commands in sentences can be copied whole."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from woz.base.commands import quoted, with_project
from woz.base.errors import WozError
from woz.lab.calibrating import unfinished_words
from woz.lab.coders import GOLD
from woz.sound.passing_on import passed_on
from woz.transcription.layouts import form_fault, is_hugging_face_whisper

AWAY = Path("/my lab/it's")


@pytest.mark.parametrize("word", ["lab", "/my lab", "it's", "$HOME", "a b 'c' \"d\"", "", "*"])
def test_a_quoted_word_is_one_word_of_a_shell(word: str) -> None:
    assert shlex.split(f"woz check {quoted(word)} --json") == ["woz", "check", word, "--json"]
    assert quoted("/lab/one-2_3.4") == "/lab/one-2_3.4"


def test_windows_has_quotes_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert quoted(r"C:\my lab") == r'"C:\my lab"'


class _HoldsNothing:
    """A copy whose form takes no track."""

    def add_stream_from_template(self, track: object) -> Any:
        raise ValueError("no such codec here")


def test_what_is_advised_can_be_typed_on_windows(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "my model"
    folder.mkdir()
    (folder / "config.json").write_text('{"model_type": "whisper"}')
    (folder / "model.safetensors").touch()
    track = SimpleNamespace(index=1, codec_context=SimpleNamespace(name="amrnb"))
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(WozError) as sound:
        passed_on(cast(Any, _HoldsNothing()), [cast(Any, track)], tmp_path / "my film.3gp")
    calibration = unfinished_words("Our scheme/steps", GOLD, ["S1"])
    model = form_fault(folder)
    monkeypatch.undo()
    assert '--tier-type "Our scheme/steps"' in calibration
    assert f'--model "{folder}" --output_dir' in model
    assert 'ffmpeg -i "my film.3gp" -c:v copy -c:a aac "my film-aac.mp4",' in str(sound.value)


@pytest.mark.parametrize("config", ["[" * 100_000, "[]", "{"], ids=["nested", "a list", "cut off"])
def test_a_models_folder_whose_settings_are_none_is_no_whisper_model(tmp_path: Path, config: str) -> None:
    (tmp_path / "config.json").write_text(config)
    (tmp_path / "model.safetensors").touch()
    assert not is_hugging_face_whisper(tmp_path)


@pytest.mark.parametrize(
    ("sentence", "commands"),
    [
        ("No model; run: woz blur detect PROJECT --fetch.", ["woz blur detect {} --fetch."]),
        ("woz annotators PROJECT lists them, woz annotators add PROJECT P", ["woz annotators {}", "add {} P"]),
        ("woz models fetch tiny; woz transcribe PROJECT --model tiny", ["; woz transcribe {} --model tiny"]),
        ("woz batch plan KIND PROJECT.", ["woz batch plan KIND {}."]),
        ("one\nwoz check PROJECT\nwoz check PROJECT", ["woz check {}\nwoz check {}"]),
    ],
)
def test_a_command_names_the_project_where_it_is_known(sentence: str, commands: list[str]) -> None:
    told = with_project(sentence, AWAY)
    assert "PROJECT" not in told
    for command in commands:
        assert command.format(*[quoted(AWAY)] * 2) in told
    assert with_project(sentence, None) == sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "There is no comment PROJECT.",
        "woz annotates.\nPROJECT",
        "woz take PROJECTS",
        "/my woz data/PROJECT can't be read.",
        "/my woz PROJECT/a can't be read.",
    ],
)
def test_what_is_no_place_in_a_command_stays(sentence: str) -> None:
    assert with_project(sentence, AWAY) == sentence
