"""How little masking hides, measured with real models on real calls, and told plainly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.real_models import Unavailable, real_model
from ui.cli import main
from woz.transcription.catalogue import ENCODER


@pytest.fixture
def call(shared_data: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Its words are written down."""
    monkeypatch.setattr("tqdm.std.tqdm.monitor_interval", 0)  # its thread outlives each test
    try:
        monkeypatch.setenv("WOZ_MODELS", str(real_model(ENCODER).parent))
    except Unavailable as error:
        pytest.skip(str(error))
    speech = shared_data / "speech"
    return ["--sound", str(speech / "two_person_call.wav"), str(speech / "two_person_call.stm")]


@pytest.fixture
def meeting(shared_data: Path) -> list[str]:
    """It is known who speaks, and not what."""
    speech = shared_data / "speech"
    return ["--sound", str(speech / "ami_dev00.wav"), str(speech / "ami_dev00.rttm")]


def test_words_are_compared_where_they_are_known(
    call: list[str], meeting: list[str], real_tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Beside a meeting whose words nobody wrote down."""

    def measured(*sounds: str) -> dict[str, Any]:
        assert main(["voices", "prove", *sounds, "--model", str(real_tiny), "--json"]) == 0
        return dict(json.loads(capsys.readouterr().out))

    alone, both = measured(*call), measured(*call, *meeting)
    assert 0 < alone["wer_recorded"] < 1
    assert 0 < alone["wer_masked"] < 1
    assert [both[each] for each in ("wer_recorded", "wer_masked")] == [alone["wer_recorded"], alone["wer_masked"]]
    assert both["people"] > alone["people"] >= 2
    assert 0 <= both["eer_recorded"] <= 0.5
    assert 0 < both["eer_masked"] <= 1


def test_without_words_to_compare_with_it_is_said_what_is_measured(
    call: list[str], meeting: list[str], real_tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["voices", "prove", *meeting, "--model", str(real_tiny)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [each.split()[-2:] for each in lines if each.startswith("word error rate")] == [["not", "measured"]]
    assert any(each.startswith("words recognised otherwise, masked") for each in lines)
    assert "Masking hides little" in lines[-1]
