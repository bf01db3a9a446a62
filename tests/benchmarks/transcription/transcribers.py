"""The three that are compared, each a process from its start to its end: ours, whisperx, faster-whisper."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.cost import process_figures
from tests.benchmarks.gpu_memory import GpuMemory
from tests.benchmarks.transcription.audio import Audio
from tests.benchmarks.transcription.dialogues import SpokenWord
from woz.model.ids import TranscriptId
from woz.model.people import Role
from woz.transcription.queue import Done, Failed, Queue
from woz.transcription.references import Utterance
from woz.transcription.task import MIXED, Settings, Task, Track, Voice
from woz.transcription.turns import Placed, turns_of


@dataclass(frozen=True)
class Made:
    """What a transcriber gave: its turns with their text, words by speaker (empty where it has no word times)."""

    turns: list[Utterance]
    words: dict[str, list[SpokenWord]]
    seconds: float
    cpu_s: float
    peak_mb: float
    gpu_mb: float = 0.0
    """The most of the GPU's memory that it took."""
    flagged: int = 0
    """Words that the guards flagged."""
    notes: list[str] = field(default_factory=list)
    speech: list[Utterance] = field(default_factory=list)
    """Where its voice activity says that anybody speaks, on tracks of one person."""


@dataclass(frozen=True)
class How:
    model: Path
    aligner: Path | None = None
    threads: int = 2
    device: str = "cpu"
    precision: str | None = None
    """Of CTranslate2's names; None for what suits the device."""
    batch: int = 8
    diarizer: Path | None = None
    """Tells ours whose voice it is on a track of everybody's."""

    @property
    def computed_in(self) -> str:
        return self.precision or ("float16" if self.device == "cuda" else "int8")


def task_of(audio: Audio, how: How, cache: str) -> Task:
    aligners = {"*": str(how.aligner)} if how.aligner else {}
    settings = Settings(
        str(how.model),
        aligners,
        str(how.diarizer) if how.diarizer else None,
        models=str(how.model.parent),
        language=audio.language,
        batch=how.batch,
        device=how.device,
        precision=how.precision,
        threads=how.threads,
    )
    return Task(_voices(audio), settings, cache)


def ours(audio: Audio, how: How) -> Made:
    speech: list[Utterance] = []
    with tempfile.TemporaryDirectory() as cache, GpuMemory(how.device == "cuda") as memory:
        began = time.monotonic()
        queue, place = Queue([task_of(audio, how, cache)]), Placed(lambda span: span)
        for news in queue.run():
            match news:
                case Failed(_, sentence):
                    raise SystemExit(sentence)
                case Done(_, result):
                    cpu_s, peak_mb = process_figures(queue.child_pid)
        seconds = time.monotonic() - began
        if MIXED not in audio.tracks:
            speech = _speech(Path(cache), _voices(audio))
    turns = turns_of(result, TranscriptId("t"), dict.fromkeys((*Role, MIXED), place))
    words: dict[str, list[SpokenWord]] = {}
    for voice in result.voices:
        words[voice.speaker] = [SpokenWord(w.text, w.start_ns / 1e9) for w in voice.words]
    said = [
        Utterance(t.voice or t.speaker, t.interval.start_ns / 1e9, t.interval.end_ns / 1e9, t.text) for t in turns
    ]
    flagged = sum(bool(word.flag) for voice in result.voices for word in voice.words)
    notes = [*result.notes, *result.faults]
    return Made(said, words, seconds, cpu_s, peak_mb, memory.peak_mb, flagged, notes, speech)


def _speech(cache: Path, voices: Sequence[Voice]) -> list[Utterance]:
    """The voice activity that was kept, a file a voice, in their order."""
    kept = sorted(cache.glob("speech-*.json"), key=lambda path: path.stat().st_mtime_ns)
    return [
        Utterance(voice.speaker, start, end, None)
        for voice, path in zip(voices, kept, strict=True)
        for start, end in json.loads(path.read_text())
    ]


def _voices(audio: Audio) -> tuple[Voice, ...]:
    tracks = {speaker: Track(str(path)) for speaker, path in audio.tracks.items()}
    played = tracks.get(Role.EXPERT) if audio.leaks else None
    return tuple(Voice(s, track, played if s == Role.TRAINEE else None) for s, track in tracks.items())


def _bare(which: str) -> Callable[[Audio, How], Made]:
    def made(audio: Audio, how: How) -> Made:
        asked = {
            "which": which,
            "model": str(how.model),
            "aligner": str(how.aligner) if how.aligner else None,
            "language": audio.language,
            "threads": how.threads,
            "device": how.device,
            "precision": how.computed_in,
            "batch": how.batch,
            "tracks": {speaker: str(path) for speaker, path in audio.tracks.items()},
        }
        command = [sys.executable, "-m", "tests.benchmarks.transcription.bare_process", json.dumps(asked)]
        with GpuMemory(how.device == "cuda") as memory:
            began = time.monotonic()
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            seconds = time.monotonic() - began
        if done.returncode:
            raise SystemExit(f"{which} died: {done.stderr[-1000:]}")
        answer = json.loads(done.stdout)
        words: dict[str, list[SpokenWord]] = {}
        for speaker, _, _, _, timed in answer["turns"]:
            words.setdefault(speaker, []).extend(SpokenWord(text, start) for text, start in timed)
        turns = [Utterance(who, start, end, text.strip()) for who, start, end, text, _ in answer["turns"]]
        timed_words = {who: some for who, some in words.items() if some}
        return Made(turns, timed_words, seconds, answer["cpu_s"], answer["peak_mb"], memory.peak_mb)

    return made


TRANSCRIBERS: dict[str, Callable[[Audio, How], Made]] = {
    "ours": ours,
    "whisperx": _bare("whisperx"),
    "faster-whisper": _bare("faster-whisper"),
}
