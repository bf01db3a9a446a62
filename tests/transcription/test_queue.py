"""The queue and its child: killed, cancelled, out of memory, going on where it was. Nothing heavy is loaded."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.transcription.failing import ORDERS
from tests.transcription.sounds import write_wav
from woz.base.clock import ManualClock
from woz.transcription.queue import Done, Failed, Note, Pace, Queue
from woz.transcription.task import MIXED, Progress, Settings, Task, Track, Voice

STAGES = ("speech", "language", "recognise", "align", "diarize", "translate")


class Bench:
    """Orders for the engine that fails, and tasks for it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.orders = folder / "orders.json"
        self.model = folder / "model"
        self.model.mkdir()
        (self.model / "weights").write_text("none")
        sound = np.random.default_rng(1).normal(0, 0.1, 16_000 * 8).astype(np.float32)
        write_wav(folder / "speech.wav", sound)

    def order(self, **orders: str) -> None:
        self.orders.write_text(json.dumps(orders))
        self.calls().unlink(missing_ok=True)

    def calls(self) -> Path:
        return self.orders.with_suffix(".calls")

    def called(self) -> list[str]:
        return [line.split()[0] for line in self.calls().read_text().splitlines()] if self.calls().exists() else []

    def task(self, name: str = "a", **changes: object) -> Task:
        model = str(self.model)
        settings = Settings(model, {"*": model}, model, batch=4, engine="tests.transcription.failing:FailingEngine")
        voice = Voice(MIXED, Track(str(self.folder / "speech.wav")))
        return Task((voice,), replace(settings, **changes), str(self.folder / "cache"), name)  # type: ignore[arg-type]

    def queue(self, *tasks: Task) -> Queue:
        return Queue(tasks, environment={ORDERS: str(self.orders)})


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.mark.parametrize("stage", STAGES)
def test_a_killed_child_harms_one_task_and_nothing_that_was_made(bench: Bench, stage: str) -> None:
    bench.order(**{stage: "killed"})
    news = list(bench.queue(bench.task("a", translate=True), bench.task("b", translate=True)).run())
    (failed,) = [n for n in news if isinstance(n, Failed)]
    assert failed.task == "a"
    assert "killed" in failed.sentence
    assert [n.task for n in news if isinstance(n, Done)] == ["b"]
    counts = Counter(bench.called())
    assert counts[stage] == 2
    assert all(count == 1 for name, count in counts.items() if name != stage), counts


def test_two_voices_are_asked_for_the_language(bench: Bench) -> None:
    bench.order()
    track = Track(str(bench.folder / "speech.wav"))
    task = replace(bench.task(), voices=(Voice("trainee", track), Voice("expert", track)))
    assert [n for n in bench.queue(task).run() if isinstance(n, Done)]
    assert Counter(bench.called())["language"] == 2


def test_a_child_killed_while_it_takes_out_the_leak_leaves_the_rest_of_the_queue(bench: Bench) -> None:
    bench.order()
    noise = np.random.default_rng(2).normal(0, 0.1, 16_000 * 120).astype(np.float32)
    long = Track(str(write_wav(bench.folder / "long.wav", noise)))
    first, second = bench.task("a"), bench.task("b")
    voices = (Voice("trainee", long, long), Voice("expert", long))
    queue = bench.queue(replace(first, voices=voices), second)
    news = []
    for told in queue.run():
        news.append(told)
        if isinstance(told, Progress) and told.task == "a" and "leak" in told.stage and queue.child_pid:
            os.kill(queue.child_pid, signal.SIGKILL)
    assert [n.task for n in news if isinstance(n, Failed)] == ["a"]
    assert [n.task for n in news if isinstance(n, Done)] == ["b"]
    assert bench.called()[0] == "speech"
    (done,) = [n for n in bench.queue(replace(first, voices=voices)).run() if isinstance(n, Done)]
    assert len(done.result.voices) == 2


def test_an_error_is_one_sentence_and_the_child_lives_on(bench: Bench) -> None:
    bench.order(align="cuDNN error: CUDNN_STATUS_NOT_INITIALIZED")
    queue = bench.queue(bench.task("a"), bench.task("b"))
    pids, sentences = set(), []
    for news in queue.run():
        pids.add(queue.child_pid)
        sentences += [news.sentence] if isinstance(news, Failed) else []
    (sentence,) = sentences
    assert "CTranslate2" in sentence
    assert "--device cpu" in sentence
    assert "\n" not in sentence
    assert len(pids) == 1


def test_without_memory_it_takes_ever_less_and_says_so(bench: Bench) -> None:
    bench.order(recognise="memory")
    news = list(bench.queue(bench.task()).run())
    plans = [line.partition(" ")[2] for line in bench.calls().read_text().splitlines() if "recognise" in line]
    assert plans == [
        "batches of 4 in float16 on the GPU",
        "batches of 2 in float16 on the GPU",
        "batches of 1 in float16 on the GPU",
        "batches of 1 in int8_float16 on the GPU",
        "batches of 1 in int8 on the CPU",
    ]
    told = [n.text for n in news if isinstance(n, Note) and "not enough memory" in n.text]
    assert len(told) == 4
    (done,) = [n for n in news if isinstance(n, Done)]
    assert sum("not enough memory" in note for note in done.result.notes) == 4


def test_cancelling_ends_what_is_under_way(bench: Bench) -> None:
    bench.order(recognise="slow")
    queue = bench.queue(bench.task("a"), bench.task("b"))

    def cancel() -> None:
        while "recognise" not in bench.called():
            time.sleep(0.02)
        queue.cancel()

    canceller = threading.Thread(target=cancel)
    canceller.start()
    news = list(queue.run())
    canceller.join()
    assert "end" not in bench.called()
    assert not any(isinstance(n, Done | Failed) for n in news)
    bench.order()
    assert [n.task for n in bench.queue(bench.task("a")).run() if isinstance(n, Done)] == ["a"]
    assert "speech" not in bench.called()


def test_a_changed_setting_redoes_only_what_depends_on_it(bench: Bench, tmp_path: Path) -> None:
    bench.order()
    list(bench.queue(bench.task()).run())
    other = tmp_path / "other"
    other.mkdir()
    (other / "weights").write_text("others")
    for changes, redone in (
        ({"batch": 2}, []),
        ({"diarizer": str(other)}, ["diarize"]),
        ({"aligners": {"*": str(other)}}, ["align"]),
        ({"beam": 3}, ["recognise", "align"]),
        ({"precision": "float32"}, ["recognise", "align"]),
        ({"model": str(other)}, ["language", "recognise", "align"]),
    ):
        bench.order()
        list(bench.queue(bench.task(**changes)).run())
        assert bench.called() == redone, changes


def test_another_language_than_the_one_set_is_told(bench: Bench) -> None:
    bench.order()
    (done,) = [n for n in bench.queue(bench.task(language="de")).run() if isinstance(n, Done)]
    assert any("set to de" in fault and "like it" in fault for fault in done.result.faults)
    assert {word.voice for word in done.result.voices[0].words} == {"voice 1", "voice 2"}
    for language in ("it", None):
        (done,) = [n for n in bench.queue(bench.task(language=language)).run() if isinstance(n, Done)]
        assert not any("sounds like" in fault for fault in done.result.faults)
        assert done.result.language == "it"
    assert bench.called().count("language") == 1


def test_time_left_follows_the_pace_and_not_what_was_kept() -> None:
    clock = ManualClock()
    pace = Pace(clock)
    clock.advance(1_000_000)
    assert pace.left_s(Progress("voice activity", 0.5)) is None
    clock.advance(10_000_000_000)
    assert pace.left_s(Progress("recognition", 0.75)) == pytest.approx(10, abs=0.1)


def test_short_tracks_are_recognised_at_once_and_kept_apart(bench: Bench) -> None:
    bench.order()
    rng = np.random.default_rng(3)
    tracks = [
        Track(
            str(write_wav(bench.folder / f"{i}.wav", rng.normal(0, 0.1, 16_000 * (6 + 2 * i)).astype(np.float32)))
        )
        for i in range(3)
    ]
    voices = tuple(Voice(name, track) for name, track in zip(("trainee", "expert", "other"), tracks, strict=True))
    (two,) = [n for n in bench.queue(replace(bench.task(), voices=voices[:2])).run() if isinstance(n, Done)]
    assert bench.called().count("recognise") == 1
    (three,) = [n for n in bench.queue(replace(bench.task(), voices=voices)).run() if isinstance(n, Done)]
    assert bench.called().count("recognise") == 2
    assert three.result.voices[:2] == two.result.voices
    ends = [voice.words[-1].end_ns for voice in three.result.voices]
    assert ends[0] < ends[1] < ends[2]


def test_more_windows_than_a_batch_are_a_track_s_own(bench: Bench) -> None:
    bench.order()
    noise = np.random.default_rng(2).normal(0, 0.1, 16_000 * 80).astype(np.float32)
    voices = tuple(
        Voice(name, Track(str(write_wav(bench.folder / f"{name}.wav", noise[i:]))))
        for i, name in enumerate(("trainee", "expert"))
    )
    (done,) = [n for n in bench.queue(replace(bench.task(), voices=voices)).run() if isinstance(n, Done)]
    assert bench.called().count("recognise") == 2
    assert [len(voice.words) for voice in done.result.voices] == [36, 36]
