"""A window with more text than a model writes at once is recognised in parts, and what lacks then is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from woz.model.people import Role
from woz.model.transcript import CUT
from woz.transcription.cache import Cache
from woz.transcription.cut_short import Tally, marked
from woz.transcription.engine import Part, Plain, Plan
from woz.transcription.listening import Prepared
from woz.transcription.packing import Packing, Region
from woz.transcription.recognition import Recognition
from woz.transcription.steps import Steps
from woz.transcription.task import Heard, Settings, Task, Track, Voice
from woz.transcription.tracks import RATE
from woz.transcription.work import Work


@dataclass
class Fills:
    """An engine whose texts hold so many seconds of sound; `asked` are the lengths of the clips of each call."""

    model: Path
    holds_s: float
    asked: list[list[float]] = field(default_factory=list)
    plan: Plan = field(default_factory=lambda: Plan("cpu", "int8", 8))
    notes: tuple[str, ...] = ()

    def model_path(self) -> str:
        return str(self.model)

    def recognise(self, clips: Sequence[NDArray[np.float32]], language: str, task: str, part: Part) -> list[Plain]:
        lengths = [round(len(clip) / RATE, 2) for clip in clips]
        self.asked.append(lengths)
        return [{"text": "so", "start": 0.0, "end": s, "cut": s > self.holds_s, "words": []} for s in lengths]


LONG = ((1.0, 14.0), (14.6, 28.0), (40.0, 60.0))
"""Two windows: from 0 to 29 s with a pause at 14.3 s, and from 29 to 51 s without any."""


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    folder.mkdir()
    return folder


def _voice(*speech: Region) -> Prepared:
    samples = np.full(100 * RATE, 0.1, np.float32)
    packing = Packing.of(list(speech), 100.0, RATE)
    return Prepared(Voice(Role.TRAINEE, Track("none.wav")), 0, lambda: samples, (), list(speech), packing, "one")


def _recognition(engine: Any, folder: Path) -> Recognition:
    settings = Settings("none")
    task = Task((Voice(Role.TRAINEE, Track("none.wav")),), settings, None, "a")
    work = Work(engine, Cache(folder / "cache"), Steps(task, lambda stage, part: None), lambda text: None)
    return Recognition(work, "ml", settings)


def _spans(segments: Sequence[Plain]) -> list[Region]:
    return [(round(segment["start"], 2), round(segment["end"], 2)) for segment in segments]


def test_a_window_whose_text_is_cut_is_recognised_in_halves(model: Path, tmp_path: Path) -> None:
    engine = Fills(model, 25.0)
    (found,) = _recognition(engine, tmp_path).transcribed([_voice(*LONG)]).values()
    assert _spans(found) == [(0.0, 14.3), (14.3, 29.0), (29.0, 51.0)]
    assert engine.asked == [[29.0, 22.0], [14.3, 14.7]]
    assert [segment.get("part_of") for segment in found] == [[0.0, 29.0], [0.0, 29.0], None]
    assert not any(segment["cut"] for segment in found)


def test_halves_are_halved_once_more_and_no_further(model: Path, tmp_path: Path) -> None:
    engine = Fills(model, 1.0)
    (found,) = _recognition(engine, tmp_path).transcribed([_voice(*LONG)]).values()
    assert [len(call) for call in engine.asked] == [2, 4, 8]
    assert _spans(found)[-4:] == [(29.0, 34.5), (34.5, 40.0), (40.0, 45.5), (45.5, 51.0)]
    assert [segment["start"] for segment in found[1:]] == [segment["end"] for segment in found[:-1]]
    assert all(segment["cut"] for segment in found)
    assert {tuple(segment["part_of"]) for segment in found} == {(0.0, 29.0), (29.0, 51.0)}


def test_a_short_window_is_left_whole(model: Path, tmp_path: Path) -> None:
    engine = Fills(model, 1.0)
    (found,) = _recognition(engine, tmp_path).transcribed([_voice((1.0, 3.0))]).values()
    assert engine.asked == [[4.0]]
    assert [segment["cut"] for segment in found] == [True]


def test_what_was_recognised_in_parts_is_kept(model: Path, tmp_path: Path) -> None:
    first = _recognition(Fills(model, 25.0), tmp_path).transcribed([_voice(*LONG)])
    engine = Fills(model, 25.0)
    assert _recognition(engine, tmp_path).transcribed([_voice(*LONG)]) == first
    assert engine.asked == []


def test_a_translation_is_made_in_parts_too(model: Path, tmp_path: Path) -> None:
    engine = Fills(model, 20.0)
    found = _recognition(engine, tmp_path).translated(_voice(*LONG), [(0.0, 29.0), (30.0, 50.0)], lambda part: None)
    assert _spans(found) == [(0.0, 14.3), (14.3, 29.0), (30.0, 50.0)]


def test_the_last_word_of_a_text_that_was_cut_says_so() -> None:
    words = [Heard(text, i * 10**9, (i + 1) * 10**9) for i, text in enumerate(("turn", "it", "to", "the"))]
    segments = [
        {"text": "turn it", "start": 0.0, "end": 2.0, "cut": True},
        {"text": "to the", "start": 2.0, "end": 4.0},
    ]
    assert [word.flag for word in marked(words, segments)] == ["", CUT, "", ""]
    assert [word.flag for word in marked(words, [{**segments[1], "cut": True}])] == ["", "", "", CUT]
    assert marked(words, [{"text": "so", "start": 7.0, "end": 9.0, "cut": True}]) == words


def test_windows_in_parts_are_counted_once_and_cuts_each() -> None:
    tally = Tally()
    assert (tally.note, tally.fault) == ("", "")
    tally.count([{"part_of": [0.0, 29.0]}, {"part_of": [0.0, 29.0], "cut": True}, {"cut": False}])
    assert tally.note.startswith("a window holds more text than the model writes at once")
    assert tally.fault.startswith("in 1 place the model stopped")
    tally.count([{"part_of": [0.0, 29.0]}, {"part_of": [29.0, 51.0], "cut": True}])
    assert tally.note.startswith("3 windows hold")
    assert tally.fault.startswith("in 2 places")
