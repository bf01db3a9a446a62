"""A session in which the recogniser's text is full before the sound ends."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.transcription.hearing import HearingEngine, noise, result_of
from woz.model.transcript import CUT
from woz.transcription.attribution import doubts
from woz.transcription.engine import Part, Plain
from woz.transcription.packing import Region
from woz.transcription.task import Result
from woz.transcription.tracks import RATE

SPEECH: list[Region] = [(1.0, 9.0), (9.4, 19.0)]


class Stopping(HearingEngine):
    """Its texts hold so many seconds of sound; of each it hears a word at the beginning and one at the end."""

    def __init__(self, model: Path, holds_s: float) -> None:
        super().__init__(model, SPEECH)
        self.holds_s = holds_s
        self.heard = 0

    def recognise(self, clips: Sequence[NDArray[np.float32]], language: str, task: str, part: Part) -> list[Plain]:
        return [self._segment(len(clip) / RATE) for clip in clips]

    def _segment(self, length_s: float) -> Plain:
        names = [f"{'abcdefghijklmn'[self.heard]}{end}" for end in ("beginningofahalf", "finishingofahalf")]
        self.heard += 1
        times = ((1.2, 1.9), (length_s - 1.6, length_s - 1.1))
        words = [
            {"word": name, "start": a, "end": b, "score": 0.9} for name, (a, b) in zip(names, times, strict=True)
        ]
        text, cut = " ".join(names), length_s > self.holds_s
        return {"text": text, "start": 0.0, "end": length_s, "cut": cut, "words": words}


def _result(engine: Stopping, folder: Path) -> Result:
    return result_of(engine, noise(20), folder, "it", kept=True)


def _about_cuts(told: Sequence[str]) -> list[str]:
    return [text for text in told if "recognised in parts" in text or "stopped before" in text]


def test_where_the_text_holds_all_nothing_is_told(model: Path, tmp_path: Path) -> None:
    result = _result(Stopping(model, 30.0), tmp_path)
    assert [word.text for word in result.voices[0].words] == ["abeginningofahalf", "afinishingofahalf"]
    assert _about_cuts([*result.notes, *result.faults]) == []


def test_what_two_halves_hold_is_whole_and_noted(model: Path, tmp_path: Path) -> None:
    result = _result(Stopping(model, 15.0), tmp_path)
    assert [word.text for word in result.voices[0].words] == [
        "bbeginningofahalf",
        "bfinishingofahalf",
        "cbeginningofahalf",
        "cfinishingofahalf",
    ]
    assert {word.flag for word in result.voices[0].words} == {""}
    assert len(_about_cuts(result.notes)) == 1
    assert result.faults == ()


def test_where_text_may_be_missing_the_last_words_say_so_and_the_result_is_doubtful(
    model: Path, tmp_path: Path
) -> None:
    result = _result(Stopping(model, 1.0), tmp_path)
    words = result.voices[0].words
    assert [word.text[1:] for word in words if word.flag == CUT] == ["finishingofahalf"] * 4
    assert {word.flag for word in words if word.text.endswith("beginningofahalf")} == {""}
    (fault,) = result.faults
    assert fault.startswith("in 4 places the model stopped before the end of the sound")
    assert fault in doubts(result)
    again = _result(Stopping(model, 1.0), tmp_path)
    assert (again.faults, again.voices) == (result.faults, result.voices)
