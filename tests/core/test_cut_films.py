"""Films that were cut together by an edit list, and those of Dolby Vision: read as they are meant, or refused."""

from __future__ import annotations

from collections.abc import Iterable
from errno import EACCES
from pathlib import Path

import numpy as np
import pytest

from tests.core.cut_film import Part, write_cut_film, write_dolby_vision
from tests.core.face_room import picture
from tests.core.telephone_film import write_film
from woz.base.errors import WozError
from woz.base.mp4_boxes import Box
from woz.capture import unplayed
from woz.importing.beginning import Beginning
from woz.importing.further_view import add_view
from woz.importing.making import make_session
from woz.importing.material import ByHand, open_view
from woz.importing.sound_file import sound_blocks
from woz.model.ids import SessionId
from woz.playback.frames import FrameReader
from woz.recording.folder.frame_index import FrameIndex, frame_index
from woz.recording.folder.session_folder import SessionFolder
from woz.sound.reading import read_track

A, B, LATE = (0.1, 0.3, 1.0), (0.6, 0.3, 1.0), (None, 0.4, 1.0)


def quiet(text: str) -> None:
    pass


def session_of(view: Path, sessions: Path) -> SessionFolder:
    make_session(sessions, SessionId("s1"), Beginning(0), "tea", open_view(view), [], quiet)
    return SessionFolder(sessions / "s1")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second, 30 frames, of which each differs; 440 Hz."""
    return write_film(tmp_path_factory.mktemp("whole") / "whole.mp4", ["aac"])


@pytest.mark.parametrize(
    ("parts", "numbers"),
    [
        ((A, B), [*range(3, 12), *range(18, 27)]),
        ((B, A), [*range(18, 27), *range(3, 12)]),
        ((A, A), [*range(3, 12), *range(3, 12)]),
        ((LATE, A, B), [*range(3, 12), *range(18, 27)]),
    ],
)
def test_of_a_film_of_parts_the_session_has_what_is_shown(
    whole: Path, tmp_path: Path, parts: tuple[Part, ...], numbers: list[int]
) -> None:
    film = write_cut_film(whole, tmp_path / "cut.mp4", parts)
    folder = session_of(film, tmp_path / "sessions")
    index = frame_index(folder.ego, folder.frames)
    assert [round(t / 1e6) for t in index.times] == [round(i * 1000 / 30) for i in range(18)]
    assert _seen(folder.ego, index, range(18)) == numbers
    heard, _ = read_track(folder.ego, 0, 16_000)
    assert np.std(heard[800:8800]) == pytest.approx(0.25 / np.sqrt(2), rel=0.1)
    why = r"cut.mp4 is put together of 2 parts .* ffmpeg -i cut.mp4 .* cut-whole.mp4, and import that\."
    with pytest.raises(WozError, match=why):
        add_view(folder, film, "cam01", ByHand(0), quiet)


def test_of_a_further_view_that_begins_late_each_frame_is_found(whole: Path, tmp_path: Path) -> None:
    film = write_cut_film(whole, tmp_path / "cut.mp4", (LATE, A))
    folder = session_of(whole, tmp_path / "sessions")
    add_view(folder, film, "cam01", ByHand(0), quiet)
    view = folder.path / "views" / "cam01.mp4"
    index = frame_index(view, folder.path / "sensors" / "cam01_frames.csv")
    assert _seen(view, index, [8, 0, 3, 2]) == [11, 3, 6, 5]


def _seen(film: Path, index: FrameIndex, order: Iterable[int]) -> list[int]:
    reader = FrameReader(film, index)
    try:
        return [_number(reader, at) for at in order]
    finally:
        reader.close()


def _number(reader: FrameReader, at: int) -> int:
    """Which of the whole film's pictures a frame is most like."""
    frame = reader.read(at)
    assert frame
    shown = frame.to_ndarray(format="bgr24").astype(int)
    return int(np.argmin([np.abs(shown - picture(number)).mean() for number in range(30)]))


@pytest.mark.parametrize(
    "parts",
    [
        (A, (None, 0.4, 1.0), B),
        (A, B, (None, 0.1, 1.0)),
        ((0.1, 0.6, 0.5),),
        ((0.1, 0.3, 2.0), B),
        (A, (0.4, 0.5, 0.0), B),
    ],
)
def test_pauses_and_other_speeds_are_refused(whole: Path, tmp_path: Path, parts: tuple[Part, ...]) -> None:
    film = write_cut_film(whole, tmp_path / "cut.mp4", parts)
    why = r"cut.mp4 is cut with pauses, or plays parts slower or faster .*; export it there as a new film\."
    with pytest.raises(WozError, match=why):
        open_view(film)
    with pytest.raises(WozError, match=why):
        next(sound_blocks(film))


def test_of_pictures_that_are_stored_in_another_order_one_part_is_read_and_several_are_refused(
    tmp_path: Path,
) -> None:
    whole = write_film(tmp_path / "whole.mp4", ["aac"], between=3)
    folder = session_of(write_cut_film(whole, tmp_path / "one.mp4", (LATE, B)), tmp_path / "sessions")
    assert _seen(folder.ego, frame_index(folder.ego, folder.frames), range(9)) == [*range(18, 27)]
    cut = write_cut_film(whole, tmp_path / "cut.mp4", (A, B))
    with pytest.raises(WozError, match=r"cut.mp4 is put together of 2 parts .* export it as a new film where"):
        open_view(cut)
    assert next(sound_blocks(cut)).samples.size


def test_a_film_that_may_not_be_read_is_refused(whole: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its owner's will; made here, since who runs tests may read all."""

    def forbidden(path: Path) -> list[Box]:
        raise PermissionError(EACCES, "Permission denied", str(path))

    monkeypatch.setattr(unplayed, "boxes_of", forbidden)
    refused = r"whole.mp4 can't be read \(Permission denied\); see who may read it"
    with pytest.raises(WozError, match=refused):
        open_view(whole)
    with pytest.raises(WozError, match=refused):
        next(sound_blocks(whole))


def test_one_part_whose_speed_was_never_written_is_shown(whole: Path, tmp_path: Path) -> None:
    film = write_cut_film(whole, tmp_path / "cut.mp4", ((0.0, 1.0, 0.0),))
    assert len([item for item in open_view(film).items() if hasattr(item, "image")]) == 30


def test_dolby_vision_is_read_where_its_pictures_are_of_another_standard_too(whole: Path, tmp_path: Path) -> None:
    """Profile 8.4, as telephones write it, is HLG; 5 has colours of its own."""
    assert open_view(write_dolby_vision(whole, tmp_path / "hlg.mp4", 8, 4))
    own = write_dolby_vision(whole, tmp_path / "own.mp4", 5, 0)
    with pytest.raises(WozError, match=r"own.mp4 is Dolby Vision of profile 5, .* export it as SDR, HLG or HDR10"):
        open_view(own)
