"""The real whisperx, with its real voice-activity model, and tiny models of ours, on real speech."""

from __future__ import annotations

import shutil
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest

from tests.transcription.conftest import Models
from woz.errors import WozError
from woz.session import Role, TranscriptId
from woz.transcription.attribution import Placed, doubts, turns_of
from woz.transcription.job import run_job
from woz.transcription.models import find_models, require_model
from woz.transcription.task import Progress, Result, Task, Voice


def _finish(task: Task) -> tuple[list[Progress], Result]:
    job = run_job(task)
    seen = []
    while True:
        try:
            seen.append(next(job))
        except StopIteration as ended:
            return seen, ended.value


def _task(models: Models, speech: Path, cache: Path | None = None, aligned: bool = True) -> Task:
    voices = (Voice(Role.TRAINEE, str(speech), 0),)
    aligner = str(models.aligner) if aligned else None
    return Task(voices, str(models.whisper), aligner, "en", 4, str(cache) if cache else None)


def test_real_speech_goes_through(models: Models, shared_data: Path, tmp_path: Path) -> None:
    speech = shared_data / "speech" / "jfk.flac"
    seen, result = _finish(_task(models, speech, tmp_path))
    assert [p.stage for p in seen][-1] == "done"
    assert [p.part for p in seen] == sorted(p.part for p in seen)
    (voice,) = result.voices
    assert 6e9 < voice.speech_ns < 11e9
    assert voice.words
    assert all(0 <= w.start_ns <= w.end_ns <= 11.1e9 for w in voice.words)
    assert "whisperx" in result.made_by
    assert any("CPU" in note for note in result.notes) or "cuda" in result.made_by
    turns = turns_of(result, TranscriptId("t"), {Role.TRAINEE: Placed(lambda span: span)})
    assert sum(len(turn.words) for turn in turns) == len(voice.words)


def test_what_is_done_is_not_done_again(models: Models, shared_data: Path, tmp_path: Path) -> None:
    """The job is ended after recognition; the next one takes recognition from the cache."""
    task = _task(models, shared_data / "speech" / "jfk.flac", tmp_path)
    job = run_job(task)
    for progress in job:
        if progress.stage.startswith("aligning"):
            break
    job.close()
    kept = {path.name: path.stat().st_mtime_ns for path in tmp_path.glob("*.json")}
    assert len(kept) >= 2
    _, result = _finish(task)
    assert result.voices[0].words
    assert {name: (tmp_path / name).stat().st_mtime_ns for name in kept} == kept
    assert len(list(tmp_path.glob("*.json"))) == 3


def test_without_an_aligner_words_are_spread_and_it_is_said(models: Models, shared_data: Path) -> None:
    _, result = _finish(_task(models, shared_data / "speech" / "jfk.flac", aligned=False))
    assert any("no alignment model" in note for note in result.notes)
    starts = [word.start_ns for word in result.voices[0].words]
    assert starts == sorted(starts)


def test_nothing_is_recognised_where_nobody_speaks(models: Models, tmp_path: Path) -> None:
    quiet = tmp_path / "quiet.wav"
    with wave.open(str(quiet), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(np.zeros(16_000 * 5, "<i2").tobytes())
    _, result = _finish(_task(models, quiet))
    assert result.voices[0].words == ()
    assert "no words" in doubts(result)


def test_a_missing_track_and_a_truncated_file_are_told(models: Models, shared_data: Path, tmp_path: Path) -> None:
    speech = shared_data / "speech" / "jfk.flac"
    with pytest.raises(WozError, match="no voice number 2"):
        _finish(Task((Voice(Role.EXPERT, str(speech), 1),), str(models.whisper), None, "en"))
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(speech.read_bytes()[:30])
    with pytest.raises(WozError, match="can't be read"):
        _finish(_task(models, cut))


def test_a_model_that_is_not_whole_is_told(models: Models, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(models.whisper, broken)
    (broken / "tokenizer.json").unlink()
    with pytest.raises(WozError, match=r"tokenizer\.json is missing"):
        require_model("whisper", broken)
    (info,) = find_models(tmp_path)
    assert info.missing == ("tokenizer.json",)
    with pytest.raises(WozError, match="no model folder"):
        require_model("whisper", tmp_path / "nowhere")


def test_a_dead_child_is_told(models: Models, shared_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that ends at once stands for a child that was killed."""
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    with pytest.raises(WozError, match="Recognition died"):
        _finish(_task(models, shared_data / "speech" / "jfk.flac"))


def test_the_parent_imports_no_heavy_library() -> None:
    code = (
        "import sys, woz.transcription.job, woz.transcription.models, woz.transcription.attribution\n"
        "print([m for m in ('torch', 'whisperx', 'pyannote', 'transformers') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_telemetry_is_off_in_the_child() -> None:
    """pyannote's own switch, asked after the engine's module has been imported."""
    code = (
        "import woz.transcription.whisperx_engine\n"
        "from pyannote.audio.telemetry.metrics import is_metrics_enabled\n"
        "print(is_metrics_enabled())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip().splitlines()[-1:] == ["False"], done.stderr[-500:]
