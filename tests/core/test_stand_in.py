"""Small copies that stand in for films: with all times and the sound, and taken only where the film isn't here."""

from __future__ import annotations

import wave
from pathlib import Path

import av
import numpy as np
import pytest

from tests.core.face_room import write_film
from woz.base.errors import WozError
from woz.playback.frames import FrameReader
from woz.playback.stand_in import film_at_hand, make_small, small_path
from woz.recording.folder.frame_index import FrameIndex, frame_index
from woz.recording.folder.waves import wave_path


def test_a_small_copy_has_all_times_and_sound(tmp_path: Path) -> None:
    film, table = write_film(tmp_path / "session" / "ego.mkv"), tmp_path / "none"
    assert make_small(film) == small_path(film)
    assert frame_index(small_path(film), table).times == frame_index(film, table).times
    with av.open(str(small_path(film))) as container:
        assert len(container.streams.audio) == 2
    assert film_at_hand(film) == film
    film.unlink()
    assert film_at_hand(film) == small_path(film)
    assert wave_path(small_path(film), 0).parent == small_path(film).parent
    small_path(film).unlink()
    assert film_at_hand(film) == film


def test_a_film_that_cant_be_read_leaves_no_copy(tmp_path: Path) -> None:
    film = tmp_path / "ego.mkv"
    film.write_bytes(b"no film")
    with pytest.raises(WozError, match=r"ego\.mkv can't be read"):
        make_small(film)
    assert not small_path(film).parent.exists()


def test_a_film_that_cant_be_played_says_why_without_its_path_again(tmp_path: Path) -> None:
    index = FrameIndex([0], np.zeros(1, np.int64))
    film, sound = tmp_path / "ego.mkv", tmp_path / "sound.wav"
    film.write_bytes(b"no film")
    with wave.open(str(sound), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(bytes(3_200))
    with pytest.raises(WozError) as told:
        FrameReader(film, index)
    assert str(told.value) == f"The video {film} can't be read (Invalid data found when processing input)."
    with pytest.raises(WozError, match=r"sound\.wav can't be read \(it holds no pictures\)\.$"):
        FrameReader(sound, index)
