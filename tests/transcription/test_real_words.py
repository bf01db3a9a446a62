"""Real weights on real speech: what is said, and where. One queue, one child, for all that is asked.

The model is tiny, so that what is asked of its words is little; of their places it is as much as of any model.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from tests.benchmarks.leak_room import Room, leaky, split
from tests.transcription.sounds import write_wav
from woz.base.interval import Interval
from woz.model.ids import TranscriptId
from woz.model.people import Role
from woz.model.transcript import SPREAD, Turn
from woz.transcription.queue import Done, Failed, Queue
from woz.transcription.references import Utterance, from_turns, read_reference
from woz.transcription.scoring import Figures, score
from woz.transcription.task import Heard, Result, Settings, Task, Track, Voice
from woz.transcription.tracks import read_voice
from woz.transcription.turns import Placed, turns_of

AS_IT_IS = Placed(lambda span: span)
PLACES: dict[str, Placed] = {Role.TRAINEE: AS_IT_IS, Role.EXPERT: AS_IT_IS}
SPOKEN_BY = {"Diane": Role.TRAINEE, "Sheila": Role.EXPERT}
MINUTE = 60 * 16_000


@dataclass(frozen=True)
class Told:
    done: dict[str, Result]
    folder: Path
    call: Room

    def turns(self, name: str) -> list[Turn]:
        return turns_of(self.done[name], TranscriptId("t"), PLACES)

    def speech(self, name: str) -> list[list[Interval]]:
        """The voice activity of each track, as that stage kept it."""
        kept = sorted((self.folder / name).glob("speech-*.json"))
        return [[Interval(round(a * 1e9), round(b * 1e9)) for a, b in json.loads(p.read_text())] for p in kept]


@pytest.fixture(scope="module")
def told(real_tiny: Path, shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Told:
    folder = tmp_path_factory.mktemp("real")
    speech = shared_data / "speech"
    call = split(speech / "two_person_call.wav")
    done: dict[str, Result] = {}
    for news in Queue(list(_tasks(real_tiny, speech, folder, call))).run():
        match news:
            case Done(task, result):
                done[task] = result
            case Failed(task, sentence):
                raise AssertionError(f"{task}: {sentence}")
    return Told(done, folder, call)


def _tasks(model: Path, speech: Path, folder: Path, call: Room) -> Iterator[Task]:
    settings = Settings(str(model), models=str(folder), language="en", threads=2)
    for name, leak_db in (("call", None), ("leak", -15.0)):
        room = leaky(call, leak_db, 0.06)
        mic, played = (
            Track(str(write_wav(folder / f"{name} {i}.wav", s))) for i, s in enumerate((room.mic, room.played))
        )
        voices = (Voice(Role.TRAINEE, mic, played), Voice(Role.EXPERT, played))
        yield Task(voices, settings, str(folder / name), name)
        if name == "call":
            told = replace(settings, hotwords="Dyan, Shyla, Chicago")
            yield Task(voices, told, str(folder / name), "call, with a glossary")
    voices = (Voice(Role.TRAINEE, mic), voices[1])
    yield Task(voices, settings, str(folder / "unguarded"), "leak, not looked for")
    jfk = Voice(Role.TRAINEE, Track(str(speech / "jfk.flac")))
    yield Task((jfk,), settings, str(folder / "jfk"), "jfk")
    yield Task((jfk,), replace(settings, model=str(_without_heads(model, folder))), str(folder / "no"), "no heads")
    for name, samples in _wordless(speech.parent / "video").items():
        track = Track(str(write_wav(folder / f"{name}.wav", samples)))
        yield Task((Voice(Role.TRAINEE, track),), settings, str(folder / name), name)


def _without_heads(model: Path, folder: Path) -> Path:
    """The same model, with a configuration that says nothing of attention."""
    made = folder / "without-heads"
    made.mkdir()
    for path in model.iterdir():
        (made / path.name).symlink_to(path)
    config = {**json.loads((model / "config.json").read_text()), "alignment_heads": []}
    (made / "config.json").unlink()
    (made / "config.json").write_text(json.dumps(config))
    return made


def _wordless(video: Path) -> dict[str, np.ndarray]:
    """A minute each of silence with a little noise, of a hum, of chords, and of a real kitchen."""
    t = np.arange(MINUTE) / 16_000
    rng = np.random.default_rng(0)
    hum = sum(0.1 / k * np.sin(2 * np.pi * 50 * k * t) for k in (1, 2, 3, 5))
    chords = sum(
        0.05 * np.sin(2 * np.pi * f * 2 ** (np.floor(t * 2) % 5 / 12) * t) * np.exp(-((t * 2) % 1) * 3)
        for f in (220.0, 277.2, 329.6, 440.0)
    )
    kitchen = [read_voice(video / name, 0)[0] for name in ("measurement_error.mp4", "technique_error_1.mp4")]
    sounds = {"silence": rng.normal(0, 3e-4, MINUTE), "hum": hum, "music": chords}
    sounds["kitchen"] = np.resize(np.concatenate(kitchen), MINUTE)
    return {name: np.asarray(sound, np.float32) for name, sound in sounds.items()}


def _inside(words: tuple[Heard, ...], speech: list[Interval]) -> bool:
    return all(any(s.start_ns <= w.start_ns <= w.end_ns <= s.end_ns for s in speech) for w in words)


@pytest.mark.parametrize("name", ["call", "leak", "jfk"])
def test_every_word_lies_inside_one_stretch_of_its_own_track_s_speech(told: Told, name: str) -> None:
    tracks = told.speech(name)
    for voice in told.done[name].voices:
        assert len(voice.words) > 15
        assert any(_inside(voice.words, speech) for speech in tracks)
        assert all(a.end_ns <= b.start_ns for a, b in pairwise(voice.words))
        assert not any(word.flag for word in voice.words)


def test_names_are_written_as_the_glossary_has_them(told: Told) -> None:
    def names(task: str) -> set[str]:
        words = {word.text.strip(".,?!") for voice in told.done[task].voices for word in voice.words}
        return words & {"Diane", "Sheila", "Dyan", "Shyla"}

    assert "Sheila" in names("call")
    assert names("call, with a glossary") >= {"Shyla"}
    assert "Sheila" not in names("call, with a glossary")


def test_turns_are_where_the_reference_has_them(told: Told) -> None:
    spoken = [Utterance(who, start, end, None) for start, end, who in told.call.reference]
    assert (_against(spoken, told.turns("call"))["der"] or 0.0) <= 0.14


def test_words_are_those_that_were_said(told: Told, shared_data: Path) -> None:
    path = shared_data / "speech" / "two_person_call.stm"
    said = [replace(u, speaker=SPOKEN_BY[u.speaker]) for u in read_reference(path)]
    figures = score(said, from_turns(told.turns("call")))
    assert (figures["cpwer"] or 0.0) <= 0.3
    assert (figures["wer"] or 0.0) <= 0.3
    first, second = told.turns("call")[:2]
    assert (first.speaker, first.text) == (Role.TRAINEE, "Hello?")
    assert second.speaker == Role.EXPERT
    assert second.interval.duration_ns < 1_000_000_000


def test_the_recogniser_s_own_times_are_told_of(told: Told) -> None:
    assert any("words have the recogniser's own times" in note for note in told.done["jfk"].notes)
    ask = [w for w in told.done["jfk"].voices[0].words if w.text.lower().startswith("ask")]
    assert abs(ask[0].start_ns - 3_300_000_000) < 400_000_000
    assert abs(ask[-1].start_ns - 8_100_000_000) < 500_000_000


def test_marks_and_case_survive(told: Told) -> None:
    (turn, *more) = told.turns("jfk")
    text = " ".join(t.text for t in (turn, *more))
    assert text[0].isupper()
    assert text.endswith((".", "!"))
    assert "Americans" in text


def test_a_model_without_alignment_heads_says_so_and_spreads(told: Told) -> None:
    result = told.done["no heads"]
    assert any("no alignment heads" in note for note in result.notes)
    assert {word.flag for word in result.voices[0].words} == {SPREAD}
    assert any(_inside(result.voices[0].words, speech) for speech in told.speech("no"))


def test_nothing_is_said_where_nobody_speaks(told: Told) -> None:
    for name in ("silence", "hum", "music", "kitchen"):
        turns = told.turns(name)
        assert all(word.flag for turn in turns for word in turn.words), [t.text for t in turns]


def test_leak_is_rejected_and_no_turn_comes_twice(told: Told) -> None:
    spoken = [Utterance(who, start, end, None) for start, end, who in told.call.reference]
    errors = {name: _against(spoken, told.turns(name))["der"] or 0.0 for name in ("call", "leak")}
    unguarded = _against(spoken, told.turns("leak, not looked for"))["der"] or 0.0
    assert errors["leak"] <= 1.2 * errors["call"], errors
    assert unguarded > 2 * errors["call"], unguarded
    alone = _expert_only(told.call.reference)
    own = [turn.interval for turn in told.turns("leak") if turn.speaker == Role.TRAINEE]
    assert not any(_covered(span, alone) > 0.5 for span in own)
    assert told.done["call"].voices[0].rejected_ns == 0
    assert told.done["leak"].voices[0].rejected_ns > 7e9


def _against(spoken: list[Utterance], turns: list[Turn]) -> Figures:
    return score(spoken, [replace(u, text=None) for u in from_turns(turns)])


def _expert_only(spoken: list[tuple[float, float, str]]) -> np.ndarray:
    """For each 10 ms, whether the expert speaks and the trainee doesn't."""
    who = {role: np.zeros(3_100, np.bool_) for role in ("trainee", "expert")}
    for start, end, role in spoken:
        who[role][round(start * 100) : round(end * 100)] = True
    return who["expert"] & ~who["trainee"]


def _covered(span: Interval, flags: np.ndarray) -> float:
    part = flags[span.start_ns // 10_000_000 : max(span.start_ns // 10_000_000 + 1, span.end_ns // 10_000_000)]
    return float(part.mean()) if len(part) else 0.0
