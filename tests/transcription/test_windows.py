"""Each sound in a window no longer than it needs, and each window's text its own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from woz.transcription.engine import Plan
from woz.transcription.recogniser import TRANSCRIBE, How, Recogniser
from woz.transcription.tracks import RATE, read_voice
from woz.transcription.windows import AFTER_S, FRAMES_A_SECOND, LONGEST, STEP, batches, frames_of


@pytest.mark.parametrize("seconds", [0.0, 0.1, 1.9, 2.0, 2.1, 11.0, 21.999, 22.0, 26.9])
def test_a_window_holds_the_sound_and_silence_after_it(seconds: float) -> None:
    frames = frames_of(round(seconds * RATE))
    assert frames % STEP == 0
    assert 0 <= frames / FRAMES_A_SECOND - seconds - AFTER_S < STEP / FRAMES_A_SECOND + 1e-9


@pytest.mark.parametrize("seconds", [27.1, 29.9, 30.0])
def test_no_window_is_longer_than_a_recogniser_hears(seconds: float) -> None:
    assert frames_of(round(seconds * RATE)) == LONGEST


def test_windows_of_one_length_are_recognised_together() -> None:
    counts = [round(seconds * RATE) for seconds in (28.0, 9.0, 27.5, 29.0, 8.0)]
    assert list(batches(counts, 2)) == [[0, 2], [3], [1, 4]]
    assert list(batches(counts, 8)) == [[0, 2, 3], [1, 4]]
    assert list(batches([], 8)) == []


@pytest.fixture(scope="module")
def recogniser(real_tiny: Path) -> Recogniser:
    return Recogniser(str(real_tiny), Plan("cpu", "int8", 8), 1, timed=True)


def test_each_sound_has_its_own_text_whatever_is_beside_it(recogniser: Recogniser, shared_data: Path) -> None:
    speech, _ = read_voice(shared_data / "speech" / "jfk.flac", 0)
    ask = speech[int(7.9 * RATE) :]
    long = np.concatenate([speech, np.zeros(RATE, np.float32), speech])
    how = How("en", TRANSCRIBE, 5)
    sounds = [ask, long, speech]
    assert len({frames_of(len(sound)) for sound in sounds}) == 3
    together = recogniser.recognise(sounds, how, 8, lambda part: None)
    alone = [recogniser.recognise([sound], how, 8, lambda part: None)[0] for sound in sounds]
    assert [found["text"] for found in together] == [found["text"] for found in alone]
    assert [found["text"].lower().count("and so my fellow american") for found in together] == [0, 2, 1]
    for sound, found in zip(sounds, together, strict=True):
        assert all(0 <= word["start"] <= word["end"] <= len(sound) / RATE for word in found["words"])


def test_the_last_word_is_heard_and_nothing_after_it(recogniser: Recogniser, shared_data: Path) -> None:
    speech, _ = read_voice(shared_data / "speech" / "jfk.flac", 0)
    (found,) = recogniser.recognise([speech], How("en", TRANSCRIBE, 5), 8, lambda part: None)
    words = [word["word"].strip(".,").lower() for word in found["words"]]
    assert words[-4:] == ["do", "for", "your", "country"]
    assert 10.0 < found["words"][-1]["end"] <= len(speech) / RATE
