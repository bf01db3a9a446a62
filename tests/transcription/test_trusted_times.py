"""An aligner's times of words are taken where the recogniser heard these words, too, and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.transcription.hearing import HearingEngine, noise, result_of
from woz.transcription.engine import Part, Plain
from woz.transcription.packing import Region
from woz.transcription.stages import FAR, Session
from woz.transcription.steps import Steps
from woz.transcription.task import Result, Settings, Task
from woz.transcription.tracks import RATE
from woz.transcription.trusted_times import by_segment

SPEECH: list[Region] = [(1.0, 3.4), (6.0, 8.0)]
OWN = (("Take", 1.2, 1.6), ("that", 1.7, 2.0), ("one.", 2.1, 2.6), ("Turn", 4.6, 5.0), ("it.", 5.1, 5.5))
"""Packed, the second stretch begins at 4.4 s: one second is left of each side of the pause."""


def _words(said: Sequence[tuple[str, float, float]], by: float = 0.0) -> list[Plain]:
    return [{"word": text, "start": start + by, "end": end + by, "score": 0.9} for text, start, end in said]


class Aligning(HearingEngine):
    """Says OWN at once, and its aligner `aligned`."""

    def __init__(self, model: Path, aligned: list[Plain]) -> None:
        super().__init__(model, SPEECH, {"*": str(model)})
        self.aligned = aligned
        self.heard = 0

    def recognise(self, clips: Sequence[NDArray[np.float32]], language: str, task: str, part: Part) -> list[Plain]:
        self.heard += 1
        text = " ".join(word for word, _, _ in OWN)
        return [
            {"text": text, "start": 0.0, "end": len(clip) / RATE, "words": _words(OWN), "avg_logprob": -0.4}
            for clip in clips
        ]

    def align(self, segments: list[Plain], samples: NDArray[np.float32], language: str, part: Part) -> list[Plain]:
        return [
            {"text": "", "start": words[0]["start"], "end": words[-1]["end"], "words": words}
            for words in (self.aligned[:3], self.aligned[3:])
            if words
        ]


def _result(engine: Aligning, folder: Path) -> Result:
    return result_of(engine, noise(9), folder)


def _starts(result: Result) -> list[float]:
    return [round(word.start_ns / 1e9, 2) for word in result.voices[0].words]


def test_near_the_recognisers_own_an_aligners_times_are_taken(model: Path, tmp_path: Path) -> None:
    result = _result(Aligning(model, _words(OWN, 0.2)), tmp_path)
    assert _starts(result)[1:3] == [1.9, 2.3]
    assert not result.notes


@pytest.mark.parametrize("by", [-0.8, 0.8, 3.0])
def test_far_from_them_they_are_not_and_that_is_told(model: Path, tmp_path: Path, by: float) -> None:
    result = _result(Aligning(model, _words(OWN, by)), tmp_path)
    assert _starts(result) == _starts(_result(Aligning(model, _words(OWN)), tmp_path))
    assert result.notes == (f"{FAR}: words have the recogniser's own times",)


def test_without_times_of_its_own_the_recogniser_doubts_nothing(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Aligning(model, _words(OWN, 0.8))
    heard = engine.recognise
    monkeypatch.setattr(engine, "recognise", lambda *asked: [{**each, "words": []} for each in heard(*asked)])
    result = _result(engine, tmp_path)
    assert _starts(result)[1:3] == [2.5, 2.9]
    assert not result.notes


def test_where_an_aligner_leaves_speech_without_words_that_were_heard_there_it_is_not_heard_again(
    model: Path,
    tmp_path: Path,
) -> None:
    crowded = [*_words(OWN[:3]), *_words((("Turn", 2.7, 2.9), ("it.", 3.0, 3.3)))]
    engine = Aligning(model, crowded)
    texts = [word.text for word in _result(engine, tmp_path).voices[0].words]
    assert (texts, engine.heard) == ([text for text, _, _ in OWN], 1)


def test_words_that_an_aligner_parts_otherwise_are_held_against_the_letters_before_their_end(
    model: Path, tmp_path: Path
) -> None:
    letters = [{"word": letter, "start": start + 3, "end": end + 3} for text, start, end in OWN for letter in text]
    assert _result(Aligning(model, letters), tmp_path).notes[0].startswith(FAR)


@pytest.mark.parametrize("words", [1, 2])
def test_of_one_word_or_two_nothing_can_be_said(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: int
) -> None:
    """A last word may take the silence after it for its own."""
    monkeypatch.setattr(f"{__name__}.OWN", (*OWN[: words - 1], ("Yes.", 2.1, 3.9)))
    engine = Aligning(model, [*_words(OWN[: words - 1]), *_words((("Yes.", 2.2, 2.6),))])
    assert not _result(engine, tmp_path).notes


def test_a_sentence_that_begins_a_rounding_before_its_segment_begins_with_it(model: Path) -> None:
    """Else its first word would be of the segment before, with that one's flags."""
    segments = [{"start": 0.0, "end": 28.5004, "text": ""}, {"start": 28.5004, "end": 40.0, "text": "Now turn it."}]
    words = _words((("Now", 28.5, 28.9), ("turn", 29.0, 29.4), ("it.", 29.5, 30.0)))
    sentence = {"start": 28.5, "end": 30.0, "text": "Now turn it.", "words": words}
    engine = Aligning(model, [])
    task = Task((), Settings(language="en"))
    session = Session(task, engine, Steps(task, lambda *_: None), lambda _: None)
    first, second = session._trusted(segments, [sentence])
    assert (first, second["start"]) == (segments[0], 28.5004)


def test_a_sentence_is_of_the_segment_in_which_it_begins_but_for_a_rounding() -> None:
    segments = [{"start": 0.0, "end": 28.5004}, {"start": 28.5004, "end": 40.0}]
    sentences = [{"start": 0.0}, {"start": 28.4}, {"start": 28.5}, {"start": 39.0}]
    assert by_segment(segments, sentences) == [sentences[:2], sentences[2:]]
