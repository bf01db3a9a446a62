"""The real whisperx and pyannote, with the real voice-activity model and tiny models of ours, on real speech.

All tasks go through one child, as a queue does: loading the libraries takes longer than all else.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest

from tests.transcription.conftest import Models
from tests.transcription.sounds import write_wav
from woz.annotation.words import words_in
from woz.model.ids import TranscriptId
from woz.model.people import Role
from woz.model.transcript import Turn
from woz.transcription.attribution import doubts
from woz.transcription.queue import Done, Failed, Note, Queue
from woz.transcription.task import MIXED, Progress, Result, Settings, Task, Track, Voice
from woz.transcription.tracks import RATE, read_voice
from woz.transcription.turns import Placed, TurnSettings, turns_of

WATCHED = Path(__file__).parent / "watched"
LANGUAGES = ("it", "en", "de", "fr", "es", "ja", "zh", "nl")
ALIGNERS = {"en": "", "it": "-accents", "de": "-accents", "fr": "-accents", "es": "-accents"}
ALIGNERS |= {"ja": "-kana", "zh": "-ideographs"}
AS_IT_IS = Placed(lambda span: span)
PLACES = {Role.TRAINEE: AS_IT_IS, Role.EXPERT: AS_IT_IS, MIXED: AS_IT_IS}


@dataclass
class Story:
    """What came of each task, and whom the child tried to reach."""

    done: dict[str, Result] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    notes: dict[str, list[str]] = field(default_factory=dict)
    stages: dict[str, list[Progress]] = field(default_factory=dict)
    children: set[int | None] = field(default_factory=set)
    sockets: str = ""


@pytest.fixture(scope="module")
def story(models: Models, shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Story:
    folder = tmp_path_factory.mktemp("story")
    sockets = folder / "sockets.txt"
    watch = {"WOZ_TEST_SOCKETS": str(sockets), "PYTHONPATH": f"{WATCHED}{os.pathsep}{Path(__file__).parents[2]}"}
    queue = Queue(list(_tasks(models, shared_data / "speech", folder)), environment=watch)
    told = Story()
    for news in queue.run():
        told.children.add(queue.child_pid)
        match news:
            case Done(task, result):
                told.done[task] = result
            case Failed(task, sentence):
                told.failed[task] = sentence
            case Note(task, text):
                told.notes.setdefault(task, []).append(text)
            case Progress():
                told.stages.setdefault(news.task, []).append(news)
    told.sockets = sockets.read_text() if sockets.exists() else ""
    return told


def _tasks(models: Models, speech: Path, folder: Path) -> Iterator[Task]:
    aligners = {code: f"{models.aligner}{kind}" for code, kind in ALIGNERS.items()}
    plain = Settings(str(models.whisper), aligners, str(models.diarizer), language="en", threads=1, beam=1)
    cache = str(folder / "cache")

    def task(
        name: str, path: Path, settings: Settings = plain, speaker: str = Role.TRAINEE, **more: object
    ) -> Task:
        voice = Voice(speaker, Track(str(path)), **more)  # type: ignore[arg-type]
        return Task((voice,), settings, cache, name)

    yield task("bystanders", speech / "jfk.flac", bystanders=True)
    yield task("again", speech / "jfk.flac", bystanders=True)
    call = write_wav(folder / "call.wav", read_voice(speech / "two_person_call.wav", 0)[0][6 * RATE : 18 * RATE])
    yield task("mixed", call, replace(plain, language="it", translate=True), MIXED)
    samples = read_voice(speech / "jfk.flac", 0)[0][: 4 * RATE]
    short = write_wav(folder / "short.wav", samples)
    yield task("found out", short, replace(plain, language=None))
    for code in LANGUAGES:
        yield task(f"in {code}", short, replace(plain, language=code))
    for name, path in _bad(folder, samples, speech).items():
        yield task(name, path)
    yield task("no model", short, replace(plain, model=str(folder / "nowhere")))
    broken = folder / "broken"
    shutil.copytree(models.whisper, broken)
    (broken / "tokenizer.json").unlink()
    yield task("model not whole", short, replace(plain, model=str(broken)))
    lacking = (Voice(Role.TRAINEE, Track(str(folder / "gone.wav"))), Voice(Role.EXPERT, Track(str(short))))
    yield Task(lacking, plain, cache, "track missing")


def _bad(folder: Path, samples: np.ndarray, speech: Path) -> dict[str, Path]:
    cut = folder / "truncated.flac"
    data = (speech / "jfk.flac").read_bytes()
    cut.write_bytes(data[: len(data) // 2])
    (folder / "empty.wav").touch()
    return {
        "silent": write_wav(folder / "silent.wav", np.zeros(RATE * 5, np.float32)),
        "no samples": write_wav(folder / "none.wav", np.zeros(0, np.float32)),
        "empty": folder / "empty.wav",
        "clipped": write_wav(folder / "clipped.wav", np.clip(samples * 30, -1, 1)),
        "8 kHz": write_wav(folder / "8.wav", samples[::2], 8_000),
        "96 kHz": write_wav(folder / "96.wav", np.repeat(samples, 6), 96_000),
        "7 channels": write_wav(folder / "7.wav", samples, channels=7),
        "truncated": cut,
    }


def _turns(result: Result) -> list[Turn]:
    return turns_of(result, TranscriptId("t"), PLACES, TurnSettings(pause_ns=300_000_000))


def test_one_child_serves_the_whole_queue(story: Story) -> None:
    assert len(story.children) == 1
    assert story.stages["bystanders"][0].stage == "loading the models"
    assert not any(p.stage == "loading the models" for p in story.stages["in it"])


def test_each_stage_is_told_and_the_part_never_falls(story: Story) -> None:
    stages = [p.stage.split(" of ")[0] for p in story.stages["mixed"]]
    wanted = ["voice activity", "recognition", "alignment", "diarization", "translation", "done"]
    assert [s for s in dict.fromkeys(stages) if s in wanted] == wanted
    for seen in story.stages.values():
        assert [p.part for p in seen] == sorted(p.part for p in seen)


def test_words_lie_where_speech_is(story: Story) -> None:
    (voice,) = story.done["bystanders"].voices
    assert 6e9 < voice.speech_ns < 11e9
    assert len(voice.words) > 20
    assert all(0 <= w.start_ns <= w.end_ns <= 11.1e9 for w in voice.words)
    assert "whisperx" in story.done["bystanders"].made_by


def test_what_is_done_is_not_done_again(story: Story) -> None:
    kept = [text.partition(":")[0] for text in story.notes["again"]]
    assert list(dict.fromkeys(kept)) == ["speech", "languages", "recognised", "aligned", "diarized"]
    assert story.done["again"].voices == story.done["bystanders"].voices


def test_a_mixed_track_has_voices_to_name_and_a_translation(story: Story) -> None:
    turns = _turns(story.done["mixed"])
    assert {turn.speaker for turn in turns} == {Role.OTHER}
    assert {turn.voice for turn in turns} >= {"voice 1"}
    assert any(turn.translation for turn in turns)


def test_the_language_is_found_out(story: Story) -> None:
    assert len(story.done["found out"].language) in (2, 3)


@pytest.mark.parametrize("code", LANGUAGES)
def test_languages_run_through_alignment_or_say_that_they_did_not(story: Story, code: str) -> None:
    result = story.done[f"in {code}"]
    assert result.language == code
    assert result.voices[0].words
    lacking = any(note.startswith("no alignment model for") for note in result.notes)
    assert lacking == (code not in ALIGNERS)
    assert any(word.confidence is not None for word in result.voices[0].words)
    if code in ("ja", "zh"):
        assert all([w.text for w in turn.words] == words_in(turn.text) for turn in _turns(result))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("silent", "is silent"),
        ("no samples", "holds no sound"),
        ("clipped", "is clipped"),
        ("truncated", "is damaged: its sound ends after"),
        ("track missing", "There is no file"),
    ],
)
def test_a_bad_track_is_doubtful_and_says_why(story: Story, name: str, sentence: str) -> None:
    assert sentence in doubts(story.done[name])


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("empty", "can't be read"), ("no model", "no model folder"), ("model not whole", "tokenizer.json is missing")],
)
def test_what_can_t_be_done_fails_in_one_sentence(story: Story, name: str, sentence: str) -> None:
    assert sentence in story.failed[name]
    assert "\n" not in story.failed[name]


@pytest.mark.parametrize("name", ["8 kHz", "96 kHz", "7 channels"])
def test_any_rate_and_any_number_of_channels_is_read(story: Story, name: str) -> None:
    assert 2e9 < story.done[name].voices[0].speech_ns < 4.1e9
    assert story.done[name].voices[0].words


def test_nothing_is_recognised_where_nobody_speaks(story: Story) -> None:
    (voice,) = story.done["silent"].voices
    assert voice.words == ()
    assert voice.speech_ns == 0


def test_the_child_calls_nobody(story: Story) -> None:
    assert story.done
    assert story.sockets == ""


def test_the_watch_sees_who_calls(tmp_path: Path) -> None:
    """The proof of the proof: the same watch writes down a call."""
    seen = tmp_path / "seen.txt"
    code = "import socket\ntry: socket.create_connection(('127.0.0.1', 9), 0.1)\nexcept OSError: pass"
    watch = {**os.environ, "WOZ_TEST_SOCKETS": str(seen), "PYTHONPATH": str(WATCHED)}
    subprocess.run([sys.executable, "-c", code], env=watch, check=True)
    assert "socket.connect" in seen.read_text()


def test_the_parent_imports_no_heavy_library() -> None:
    code = (
        "import sys, woz.lab.transcribing, ui.cli.transcribe, ui.cli.models, woz.lab.speakers\n"
        "import woz.transcription.diagnosis\n"
        "print([m for m in ('torch', 'whisperx', 'pyannote', 'transformers', 'jiwer') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.replace("'", '"')) == []
