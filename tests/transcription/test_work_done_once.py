"""What a session's transcription does, it does once; what was kept is taken from those who made it so alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.transcription.failing import ORDERS, FailingEngine
from tests.transcription.sounds import write_wav
from woz.model.people import Role
from woz.transcription import catalogue, listening, whisperx_engine
from woz.transcription.engine import Plan
from woz.transcription.stages import Session
from woz.transcription.steps import Steps
from woz.transcription.task import Result, Settings, Task, Track, Voice
from woz.transcription.tracks import RATE, Sound, read_sound
from woz.transcription.worker import Worker

Samples = NDArray[np.float32]


class Bench:
    """A session of two tracks, of which the trainee's earpiece played the expert's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.model = folder / "model"
        self.model.mkdir()
        (self.model / "weights").write_text("none")
        self.orders = folder / "orders.json"
        self.orders.write_text("{}")
        rng = np.random.default_rng(0)
        own, said = (
            Track(str(write_wav(folder / f"{name}.wav", rng.normal(0, 0.1, 8 * RATE).astype(np.float32))))
            for name in ("own", "said")
        )
        self.voices = (Voice(Role.TRAINEE, own, said), Voice(Role.EXPERT, said))
        self.libraries = {"faster-whisper": "1"}

    def task(self, **changes: Any) -> Task:
        settings = Settings(str(self.model), language="it", engine="tests.transcription.failing:FailingEngine")
        return Task(self.voices, replace(settings, **changes), str(self.folder / "cache"), "a")

    def result(self, **changes: Any) -> Result:
        task = self.task(**changes)
        engine = FailingEngine(task.settings)
        engine.libraries = self.libraries
        return Session(task, engine, Steps(task, lambda *_: None), lambda _: None).run()

    def calls(self) -> Counter[str]:
        """How often each stage was run since the last time this was asked."""
        path = self.orders.with_suffix(".calls")
        lines = path.read_text().splitlines() if path.exists() else []
        path.unlink(missing_ok=True)
        return Counter(line.split()[0] for line in lines)


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    made = Bench(tmp_path)
    monkeypatch.setenv(ORDERS, str(made.orders))
    return made


def test_each_track_is_read_once_though_the_earpiece_played_one(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def counting(path: Path, track: int) -> Sound:
        read.append(path.name)
        return read_sound(path, track)

    monkeypatch.setattr(listening, "read_sound", counting)
    assert len(bench.result().voices) == 2
    assert sorted(read) == ["own.wav", "said.wav"]


def test_each_stage_is_run_once_for_each_track(bench: Bench) -> None:
    bench.result()
    calls = bench.calls()
    assert (calls["speech"], calls["language"], calls["recognise"]) == (2, 2, 1)
    bench.result()
    assert bench.calls() == Counter()


def test_what_other_versions_of_the_libraries_made_is_made_anew(bench: Bench) -> None:
    first = bench.result()
    made = bench.calls()
    bench.libraries = {"faster-whisper": "2"}
    assert bench.result() == first
    assert bench.calls() == made


def test_another_precision_is_not_given_what_was_recognised_in_the_first(bench: Bench) -> None:
    bench.result()
    bench.calls()
    bench.result(precision="float32")
    assert bench.calls() == Counter(recognise=1)


def test_models_stay_loaded_though_the_next_session_has_another_glossary(bench: Bench) -> None:
    told: list[dict[str, Any]] = []
    worker = Worker(lambda **news: told.append(news))
    engines = set()
    for words in ("guy line", "", "Abspannung"):
        worker.run(bench.task(hotwords=words))
        assert worker._engine
        engines.add(id(worker._engine))
        assert worker._engine.hotwords == words
    assert len(engines) == 1
    assert [news["stage"] for news in told if "stage" in news].count("loading the models") == 1
    assert bench.calls()["recognise"] == 3


def test_the_next_session_tries_the_gpu_again(bench: Bench) -> None:
    told: list[dict[str, Any]] = []
    worker = Worker(lambda **news: told.append(news))
    bench.orders.write_text('{"recognise": "memory"}')
    first = worker.run(replace(bench.task(), cache=None))
    assert worker._engine
    assert worker._engine.plan.device == "cpu"
    assert any("on the CPU" in note for note in first.notes)
    bench.orders.write_text("{}")
    second = worker.run(replace(bench.task(), cache=None))
    assert worker._engine.plan.device == "cuda"
    assert not any("memory" in note for note in second.notes)


@pytest.mark.parametrize(
    "plan",
    [Plan("cuda", "int8_float16", 8), Plan("cuda", "float16", 4), Plan("cuda", "int8_float16", 1)],
    ids=["precision", "batch", "both"],
)
def test_a_session_after_one_without_memory_says_how_it_runs(bench: Bench, plan: Plan) -> None:
    told: list[dict[str, Any]] = []
    worker = Worker(lambda **news: told.append(news))
    first = worker.run(replace(bench.task(), cache=None))
    assert not any("memory" in note for note in first.notes)
    assert worker._engine
    whole = worker._engine.plan
    worker._engine.adopt(plan)
    for _ in range(2):
        told.clear()
        later = worker.run(replace(bench.task(), cache=None))
        assert worker._engine.plan == plan
        (note,) = (note for note in later.notes if "memory" in note)
        assert (str(plan) in note, str(whole) in note) == (True, True)
        assert {"log": note} in told


def test_a_gpu_without_memory_leaves_the_work_to_the_cpu_by_the_same_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WOZ_MODELS", str(tmp_path))
    monkeypatch.setattr(catalogue, "is_whole", lambda kind, path: True)
    monkeypatch.setattr(whisperx_engine, "require_model", lambda kind, path: path)
    monkeypatch.setattr(whisperx_engine, "_first_plan", lambda settings: Plan("cuda", "float16", 1))
    engine = whisperx_engine.WhisperXEngine(Settings(models=str(tmp_path)))
    assert Path(engine.model_path()).name == "large-v3"
    engine.adopt(Plan("cpu", "int8", 1))
    assert Path(engine.model_path()).name == "large-v3"
