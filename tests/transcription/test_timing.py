"""A turn's words timed by their sound, with the real aligner of whisperx and a tiny model."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from tests.transcription.conftest import Models
from tests.transcription.sounds import write_wav
from tests.ui.recorded_session import record_session
from ui.editor.word_timing import WordTiming
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S, Interval
from woz.model.ids import TranscriptId, TurnId
from woz.model.people import Role
from woz.model.transcript import Turn
from woz.transcription.aligner import Aligner
from woz.transcription.task import Settings, Timing, Track
from woz.transcription.tracks import RATE, read_part, read_voice

TEXT = "And so, my fellow Americans"


@pytest.fixture(scope="module")
def aligner() -> Iterator[Aligner]:
    made = Aligner()
    yield made
    made.close()


@pytest.fixture
def timing(models: Models, shared_data: Path) -> Timing:
    aligners = {"en": str(models.aligner), "ja": f"{models.aligner}-kana"}
    settings = Settings(models=str(models.folder), aligners=aligners)
    return Timing(
        Track(str(shared_data / "speech" / "jfk.flac")), NS_PER_S // 4, 3 * NS_PER_S, TEXT, "en", settings
    )


def in_order(times: list[Interval], timing: Timing) -> bool:
    edges = [timing.start_ns, *(edge for span in times for edge in (span.start_ns, span.end_ns)), timing.end_ns]
    return edges == sorted(edges)


def test_each_word_gets_a_time_by_its_sound(aligner: Aligner, timing: Timing) -> None:
    times = aligner.times(timing)
    assert len(times) == len(TEXT.split())
    assert in_order(times, timing)
    assert len({span.duration_ns for span in times}) > 2
    assert aligner.times(timing) == times
    later = aligner.times(replace(timing, start_ns=4 * NS_PER_S, end_ns=6 * NS_PER_S))
    assert in_order(later, replace(timing, start_ns=4 * NS_PER_S, end_ns=6 * NS_PER_S))


def test_characters_of_japanese_are_timed_each(aligner: Aligner, timing: Timing) -> None:
    times = aligner.times(replace(timing, text="赤い軸", language="ja"))
    assert len(times) == 3
    assert in_order(times, timing)


def test_what_is_missing_is_said(aligner: Aligner, timing: Timing, tmp_path: Path) -> None:
    with pytest.raises(
        WozError, match="no alignment model for the language “nl” here; woz models fetch aligner-nl"
    ):
        aligner.times(replace(timing, language="nl"))
    with pytest.raises(WozError, match="no sound at this time"):
        aligner.times(replace(timing, start_ns=60 * NS_PER_S, end_ns=61 * NS_PER_S))
    with pytest.raises(WozError, match="can't be read"):
        aligner.times(replace(timing, sound=Track(str(tmp_path / "none.wav"))))
    assert aligner.times(timing)


def test_a_killed_child_is_said_and_the_next_one_does_it(aligner: Aligner, timing: Timing) -> None:
    aligner.times(timing)
    pid = aligner._child.pid
    assert pid
    os.kill(pid, signal.SIGSTOP)
    killer = threading.Timer(0.5, os.kill, (pid, signal.SIGKILL))
    killer.start()
    with pytest.raises(WozError, match="killed"):
        aligner.times(timing)
    assert aligner.times(timing)


def test_closing_ends_what_is_under_way(timing: Timing) -> None:
    aligner, said = Aligner(), []

    def ask() -> None:
        try:
            aligner.times(timing)
        except WozError as error:
            said.append(str(error))

    asking = threading.Thread(target=ask)
    asking.start()
    while not aligner._child.pid:
        time.sleep(0.01)
    aligner.close()
    asking.join()
    assert said == ["The words were not timed."]


def test_a_part_of_a_file_is_what_the_whole_has_there(tmp_path: Path) -> None:
    samples = np.random.default_rng(3).uniform(-0.5, 0.5, 20 * RATE).astype(np.float32)
    path = write_wav(tmp_path / "noise.wav", samples)
    whole, _ = read_voice(path, 0)
    for start_s, end_s in ((0.0, 1.0), (7.25, 9.5), (19.0, 25.0)):
        part, start_ns = read_part(path, 0, Interval(round(start_s * NS_PER_S), round(end_s * NS_PER_S)))
        first = round(start_ns * RATE / NS_PER_S)
        assert abs(start_ns / NS_PER_S - start_s) < 2 / RATE
        assert np.array_equal(part, whole[first : first + len(part)])
        assert abs(len(part) - (min(end_s, 20.0) - start_s) * RATE) < 2


def test_the_editor_s_turns_are_timed_in_their_speaker_s_track(
    qtbot: QtBot, models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "aligner-en").symlink_to(models.aligner)
    monkeypatch.setenv("WOZ_MODELS", str(tmp_path / "models"))
    session = record_session(tmp_path / "sessions")
    with contextlib.closing(WordTiming(tmp_path / "sessions" / session.session_id / "ego.mkv")) as timing:
        for speaker in (Role.TRAINEE, Role.EXPERT):
            turn = Turn(
                TurnId(speaker), TranscriptId("t"), speaker, Interval(NS_PER_S // 2, NS_PER_S), "the red gear"
            )
            with qtbot.waitSignal(timing.timed, timeout=270_000) as answer:
                timing.ask(turn, "en")
            asked, times = answer.args
            assert asked == turn
            assert len(times) == 3
            assert all(turn.interval.start_ns <= t.start_ns <= t.end_ns <= turn.interval.end_ns for t in times)
