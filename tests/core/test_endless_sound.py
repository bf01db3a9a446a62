"""Small files of silence that say that they last for days: they are refused before the memory is full."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from woz.base.errors import WozError
from woz.importing.sound_file import read_sound, sound_blocks
from woz.sound import reading
from woz.sound.reading import read_track
from woz.transcription.tracks import read_sound as read_for_recognition

RATE = 48_000


def silence(path: Path, seconds: int, jump_s: int = 0) -> Path:
    """FLAC in Matroska, its second half later by `jump_s`."""
    with av.open(str(path), "w", format="matroska") as container:
        stream = container.add_stream("flac", rate=RATE, layout="mono")
        for second in range(seconds):
            frame = av.AudioFrame.from_ndarray(np.zeros((1, RATE), np.int16), format="s16", layout="mono")
            frame.sample_rate, frame.time_base = RATE, Fraction(1, RATE)
            frame.pts = (second + jump_s * (2 * second >= seconds)) * RATE
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.fixture
def half_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bound that a test reaches soon."""
    monkeypatch.setattr(reading, "LONGEST_HOURS", 30 / 3600)


@pytest.mark.usefixtures("half_a_minute")
def test_sound_that_goes_on_for_longer_is_refused(tmp_path: Path) -> None:
    long = silence(tmp_path / "long.mka", 32)
    for read in (lambda: read_track(long, 0, 8_000), lambda: read_sound(sound_blocks(long))):
        with pytest.raises(WozError, match=r"holds more than .* hours of sound, or says so; cut it into parts"):
            read()
    with pytest.raises(WozError, match="holds more than"):
        read_for_recognition(long, 0)
    short = silence(tmp_path / "short.mka", 3)
    assert len(read_track(short, 0, 8_000)[0]) == 24_000


def test_sound_whose_times_jump_by_days_fills_no_memory_with_silence(tmp_path: Path) -> None:
    path = silence(tmp_path / "jump.mka", 4, jump_s=5_000_000)
    with pytest.raises(WozError, match="holds more than 8 hours of sound, or says so"):
        read_sound(sound_blocks(path))
