"""Films as telephones make them, taken into a session: as its view, its voice, or a further view."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from av.video.stream import VideoStream

from tests.core.face_room import (
    found_in,
    index_of,
    phone_ticks,
    picture,
    uncovered,
    write_phone_film,
    write_trimmed_film,
)
from tests.core.telephone_film import HLG, write_film
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S, Interval
from woz.dataset.release.clips import Cut, Film, cut_clip
from woz.deidentifying.burning import burn, copy_path
from woz.deidentifying.thumbnails import write_thumbnails
from woz.importing.beginning import Beginning
from woz.importing.further_view import add_view
from woz.importing.making import make_session
from woz.importing.material import ByHand, open_view
from woz.importing.sound_file import sound_blocks
from woz.model.ids import SessionId
from woz.playback.proxy import make_proxy, proxy_path
from woz.playback.stand_in import make_small
from woz.playback.voices import Voices
from woz.recording.folder.frame_index import frame_index
from woz.recording.folder.session_folder import SessionFolder
from woz.recording.folder.silencing import silence
from woz.sound.reading import read_track
from woz.timing.frame_table import read_frame_table

COUNT, AWAY = 90, 50
CUT = Fraction(1, 3)


def quiet(text: str) -> None:
    pass


def session_of(view: Path, sessions: Path) -> SessionFolder:
    make_session(sessions, SessionId("s1"), Beginning(0), "tea", open_view(view), [], quiet)
    return SessionFolder(sessions / "s1")


def _with_apac(film: Path, nth: int) -> Path:
    """One of a film's AAC tracks is told to be of Apple's codec for sound from all sides, which has no esds box."""
    data = bytearray(film.read_bytes())
    place = -1
    for _ in range(nth):
        place = data.index(b"mp4a", place + 1)
    data[place : place + 4] = b"apac"
    described = data.index(b"esds", place)
    data[described : described + 4] = b"free"
    film.write_bytes(bytes(data))
    return film


@pytest.mark.parametrize("nth", [1, 2])
def test_of_tracks_beside_each_other_the_readable_one_is_taken(tmp_path: Path, nth: int) -> None:
    film = _with_apac(write_film(tmp_path / "cam01.mp4", ["aac", "aac"]), nth)
    with av.open(str(film)) as container:
        assert [each.codec_context is None for each in container.streams.audio] == [nth == 1, nth == 2]
    folder = session_of(film, tmp_path / "sessions")
    heard, _ = read_track(folder.ego, 0, 16_000)
    assert np.std(heard[4000:12_000]) == pytest.approx(0.25 / np.sqrt(2), rel=0.05)
    assert np.std(Voices(film).read(12_000, 24_000)) == pytest.approx(0.25 / np.sqrt(2), rel=0.05)
    assert burn(film, index_of(film), found_in(film)).frames == 30
    for copy in (copy_path(film), make_small(film)):
        with av.open(str(copy)) as container:
            assert [each.codec_context.name for each in container.streams.audio] == ["aac"]


def test_a_film_whose_sound_nothing_reads_is_a_film_without_sound(tmp_path: Path) -> None:
    film = _with_apac(write_film(tmp_path / "cam01.mp4", ["aac"]), 1)
    with pytest.raises(WozError, match="holds no sound that can be read"):
        list(sound_blocks(film))
    assert open_view(film).info.audio_rate is None
    assert burn(film, index_of(film), found_in(film)).frames == 30


def test_sound_of_messages_is_read_and_it_is_said_that_no_copy_holds_it(tmp_path: Path) -> None:
    film = write_film(tmp_path / "cam01.3gp", ["libopencore_amrnb"])
    folder = session_of(film, tmp_path / "sessions")
    heard, _ = read_track(folder.ego, 0, 16_000)
    assert np.std(heard[4000:12_000]) == pytest.approx(0.25 / np.sqrt(2), rel=0.3)
    why = r"The sound of .*cam01.3gp is amrnb, .* with ffmpeg -i cam01.3gp -c:v copy -c:a aac cam01-aac.mp4,"
    with pytest.raises(WozError, match=why):
        burn(film, index_of(film), found_in(film))
    with pytest.raises(WozError, match=why):
        make_small(film)
    assert list((tmp_path / "derived").iterdir()) == []


def test_of_an_hdr_film_the_session_and_its_clips_have_its_colours(tmp_path: Path) -> None:
    film = write_film(tmp_path / "cam01.mov", [], "yuv420p10le")
    folder = session_of(film, tmp_path / "sessions")
    clip = tmp_path / "clip.mp4"
    cut_clip(Film(folder.ego), Cut(Interval(0, NS_PER_S), NS_PER_S, 1), clip, [tmp_path / "0.jpg"])
    for made in (folder.ego, clip):
        with av.open(str(made)) as container:
            shown = next(container.decode(video=0))
        colours = (shown.color_primaries, shown.color_trc, shown.colorspace, shown.color_range)
        assert (shown.format.name, colours) == ("yuv420p", HLG)
        assert np.abs(shown.to_ndarray(format="bgr24").astype(int) - picture(0)).mean() < 8


@pytest.mark.parametrize(("codec", "form"), [("png", "rgb24"), ("mjpeg", "yuvj422p"), ("libx264", "yuvj420p")])
def test_a_session_has_the_colours_of_a_film_of_rgb_or_full_range(tmp_path: Path, codec: str, form: str) -> None:
    film, red = tmp_path / "screen.mov", np.full((64, 64, 3), (200, 40, 40), np.uint8)
    with av.open(str(film), "w") as out:
        stream = out.add_stream(codec, rate=25)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = 64, 64, form
        for number in range(10):
            shown = av.VideoFrame.from_ndarray(red, "rgb24").reformat(format=form)
            shown.pts, shown.time_base = number, Fraction(1, 25)
            out.mux(stream.encode(shown))
        out.mux(stream.encode(None))
    with av.open(str(session_of(film, tmp_path / "sessions").ego)) as container:
        frame = next(container.decode(video=0))
    assert frame.colorspace != 0
    assert np.abs(frame.to_ndarray(format="rgb24").astype(int) - red).max() < 6


def test_copies_of_an_hdr_film_have_its_colours(tmp_path: Path) -> None:
    film = write_film(tmp_path / "cam01.mov", [], "yuv420p10le")
    faces, index = found_in(film), index_of(film)
    assert (len(faces.tracks), uncovered(faces, 30)) == (1, [])
    assert burn(film, index, faces).blurred_frames == 30
    assert make_proxy(film, index)
    for copy in (copy_path(film), proxy_path(film), make_small(film)):
        with av.open(str(copy)) as container:
            shown = next(container.decode(video=0))
        colours = (shown.color_primaries, shown.color_trc, shown.colorspace, shown.color_range)
        assert (shown.format.name, colours) == ("yuv420p", HLG)
        left = shown.to_ndarray(format="bgr24")[:, 200:].astype(int)
        assert np.abs(left - picture(0)[:, 200:]).mean() < 8
    write_thumbnails(film, index, faces.tracks, tmp_path / "pictures")
    [thumbnail] = (tmp_path / "pictures").iterdir()
    found = cv2.imread(str(thumbnail))
    assert found is not None
    middle = found[found.shape[0] // 2 - 20 : found.shape[0] // 2 + 20, 60:100].astype(int)
    assert middle[..., 2].mean() > middle[..., 1].mean() + 60


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


@pytest.mark.parametrize("nth", [1, 2])
def test_a_voice_is_taken_out_of_the_readable_track_and_the_other_goes(tmp_path: Path, nth: int) -> None:
    film, target = _with_apac(write_film(tmp_path / "cam01.mp4", ["aac", "aac"]), nth), tmp_path / "out.mkv"
    silence(film, target, {0: None})
    with av.open(str(target)) as container:
        assert [each.codec_context.name for each in container.streams.audio] == ["flac"]
    assert not np.any(Voices(target).read(0, 24_000))


def test_a_voice_is_taken_out_of_a_trimmed_film_and_what_was_cut_away_is_gone(tmp_path: Path) -> None:
    """It begins between key frames."""
    film, target = (
        write_trimmed_film(write_film(tmp_path / "cam01.mp4", ["aac"]), tmp_path / "t.mp4", CUT),
        tmp_path / "o.mkv",
    )
    silence(film, target, {0: None})
    with av.open(str(film)) as one, av.open(str(target)) as other:
        shown, kept = (list(each.decode(video=0)) for each in (one, other))
        assert [round(float(f.time or 0), 3) for f in kept] == [round(float(f.time or 0), 3) for f in shown]
        for before, after in zip(shown, kept, strict=True):
            assert np.abs(before.to_ndarray().astype(int) - after.to_ndarray()).mean() < 3
    with av.open(str(target)) as container:
        packets = [p for p in container.demux(video=0) if p.pts is not None]
        assert len(packets) == len(shown) < 30
    assert not np.any(Voices(target).read(0, 24_000))
