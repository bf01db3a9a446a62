"""Speech that was left without words is heard once more; what is doubted then is a guess, and silence stays out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.transcription.hearing import HearingEngine, noise, result_of
from woz.transcription.engine import Part, Plain
from woz.transcription.guards import GUESS, SILENCE
from woz.transcription.packing import Region
from woz.transcription.task import Heard
from woz.transcription.tracks import RATE

SPEECH: list[Region] = [(1.0, 3.4), (4.0, 5.0), (6.0, 8.0), (9.0, 9.3)]


class Hearing(HearingEngine):
    """Hears all but the second and the last stretch, and these by themselves as well as it is told to."""

    logprob, no_speech = -0.5, 0.1
    second, again = "it.", "Yes."

    def __init__(self, model: Path) -> None:
        super().__init__(model, SPEECH)
        self.clips: list[NDArray[np.float32]] = []

    def recognise(self, clips: Sequence[NDArray[np.float32]], language: str, task: str, part: Part) -> list[Plain]:
        first = not self.clips
        self.clips += clips
        if first:
            words = [
                _word("Take", 1.2, 1.8),
                _word(self.second, 2.1, 3.0),
                _word("Turn", 6.1, 6.9),
                _word("it.", 7.0, 7.9),
            ]
            return [_segment(words, len(clips[0]), -0.4, 0.1)]
        return [_segment([_word(self.again, 1.1, 1.9)], len(clips[0]), self.logprob, self.no_speech)]


def _word(text: str, start: float, end: float) -> Plain:
    return {"word": text, "start": start, "end": end, "score": 0.9}


def _segment(words: list[Plain], count: int, logprob: float, no_speech: float) -> Plain:
    """Of packed sound that begins with the track: one second lies before the first speech."""
    text = " ".join(word["word"] for word in words)
    known = {"avg_logprob": logprob, "no_speech": no_speech}
    return {"text": text, "start": 0.0, "end": count / RATE, "words": words, **known}


@pytest.fixture
def engine(model: Path) -> Hearing:
    return Hearing(model)


def _heard(engine: Hearing, folder: Path, level: float = 1.0) -> tuple[Heard, ...]:
    """`level` is that of the second stretch beside the others."""
    sound = noise(10)
    sound[4 * RATE : 5 * RATE] *= level
    return result_of(engine, sound, folder, kept=True).voices[0].words


def test_a_stretch_without_words_is_heard_by_itself(engine: Hearing, tmp_path: Path) -> None:
    words = _heard(engine, tmp_path)
    assert [word.text for word in words] == ["Take", "it.", "Yes.", "Turn", "it."]
    assert (words[2].start_ns, words[2].end_ns) == (4 * 10**9, 5 * 10**9)
    _, again = engine.clips
    assert len(again) == 3 * RATE
    end = round(0.4 * RATE)
    assert not np.any(again[:end])
    assert np.count_nonzero(again[end:]) > 0.9 * len(again[end:])


@pytest.mark.parametrize(("logprob", "no_speech"), [(-1.2, 0.1), (-0.5, 0.7)])
def test_what_is_doubted_then_is_flagged_as_a_guess(
    engine: Hearing, tmp_path: Path, logprob: float, no_speech: float
) -> None:
    engine.logprob, engine.no_speech = logprob, no_speech
    assert [(word.text, word.flag) for word in _heard(engine, tmp_path)] == [
        ("Take", ""),
        ("it.", ""),
        ("Yes.", GUESS),
        ("Turn", ""),
        ("it.", ""),
    ]


def test_what_is_likelier_no_speech_then_and_doubted_is_not_taken(engine: Hearing, tmp_path: Path) -> None:
    engine.logprob, engine.no_speech = -1.2, 0.7
    assert [word.text for word in _heard(engine, tmp_path)] == ["Take", "it.", "Turn", "it."]
    assert len(engine.clips) == 2


def test_words_heard_again_in_the_middle_of_a_sentence_have_no_capital(engine: Hearing, tmp_path: Path) -> None:
    engine.second, engine.again = "the", "The"
    assert [word.text for word in _heard(engine, tmp_path)] == ["Take", "the", "the", "Turn", "it."]


def test_a_mark_alone_is_not_taken_for_words(engine: Hearing, tmp_path: Path) -> None:
    engine.again = "."
    assert [word.text for word in _heard(engine, tmp_path)] == ["Take", "it.", "Turn", "it."]
    assert len(engine.clips) == 2


def test_what_is_far_below_the_rest_of_the_track_is_flagged_then_too(engine: Hearing, tmp_path: Path) -> None:
    assert [(word.text, word.flag) for word in _heard(engine, tmp_path, 0.01)][1:4] == [
        ("it.", ""),
        ("Yes.", SILENCE),
        ("Turn", ""),
    ]


def test_what_was_heard_is_kept(engine: Hearing, tmp_path: Path) -> None:
    assert _heard(engine, tmp_path) == _heard(engine, tmp_path)
    assert len(engine.clips) == 2
