"""Films as telephones make them, taken into a session: as its view, its voice, or a further view."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from tests.core.face_room import phone_ticks, write_phone_film, write_trimmed_film
from woz.importing.beginning import Beginning
from woz.importing.further_view import add_view
from woz.importing.making import make_session
from woz.importing.material import ByHand, open_view
from woz.model.ids import SessionId
from woz.recording.folder.frame_index import frame_index
from woz.recording.folder.session_folder import SessionFolder
from woz.timing.frame_table import read_frame_table

COUNT, AWAY = 90, 50


def quiet(text: str) -> None:
    pass


def session_of(view: Path, sessions: Path) -> SessionFolder:
    make_session(sessions, SessionId("s1"), Beginning(0), "tea", open_view(view), [], quiet)
    return SessionFolder(sessions / "s1")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_phone_film(tmp_path_factory.mktemp("phone") / "whole.mp4", "libx264", COUNT)


def test_of_a_trimmed_film_the_session_has_what_is_shown(whole: Path, tmp_path: Path) -> None:
    begin = phone_ticks(COUNT)[AWAY]
    film = write_trimmed_film(whole, tmp_path / "trimmed.mp4", Fraction(begin, 90_000))
    wanted = [round((tick - begin) * 1e9 / 90_000) for tick in phone_ticks(COUNT)[AWAY:]]
    folder = session_of(film, tmp_path / "sessions")
    assert [frame.session_ns for frame in read_frame_table(folder.frames)] == wanted
    manifest, _ = add_view(folder, film, "cam01", ByHand(0), quiet)
    table = folder.path / "sensors" / "cam01_frames.csv"
    assert [frame.session_ns for frame in read_frame_table(table)] == wanted
    [entry] = [each for each in manifest.streams if each.view == "cam01"]
    index = frame_index(folder.path / entry.path, table)
    assert (entry.recorded, index.times, index.disagreed) == (COUNT - AWAY, wanted, False)
