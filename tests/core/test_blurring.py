"""Faces are found, followed where the detector misses them, decided on, and blurred in a copy."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from tests.core.face_room import (
    COUNT,
    HEIGHT,
    TURNS,
    WIDTH,
    Reds,
    Turn,
    face_at,
    found_in,
    index_of,
    phone_ticks,
    picture,
    times_ms,
    uncovered,
    uncovered_at,
    write_film,
    write_phone_film,
    write_trimmed_film,
    write_turned_film,
)
from tests.core.small_disk import mounted
from tests.real_models import Unavailable, real_model
from woz.base.errors import WozError
from woz.deidentifying.approval import blur_objection
from woz.deidentifying.burning import burn, copy_path
from woz.deidentifying.deciding import decided, signed_off
from woz.deidentifying.detecting import Looking, find_faces
from woz.deidentifying.detectors.centerface import CenterFace
from woz.deidentifying.detectors.known import detector
from woz.deidentifying.faces import Decision, Faces, uncertain_first
from woz.deidentifying.films import Stopped
from woz.deidentifying.keeping import faces_path, load_faces, save_faces
from woz.playback.frames import FrameReader
from woz.playback.stand_in import make_small
from woz.recording.folder.session_folder import free_bytes


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_film(tmp_path_factory.mktemp("session") / "ego.mkv")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A film that a test may harm."""
    return write_film(tmp_path / "s" / "ego.mkv", 30)


def _pictures(path: Path) -> list[np.ndarray[tuple[int, ...], np.dtype[np.uint8]]]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="bgr24").astype(np.uint8) for frame in container.decode(video=0)]


def _packets(path: Path, kind: str) -> list[tuple[int | None, str]]:
    with av.open(str(path)) as container:
        streams = [each for each in container.streams if each.type == kind]
        return sorted(
            (packet.pts, "" if kind == "video" else hashlib.sha256(bytes(packet)).hexdigest())
            for packet in container.demux(streams)
            if packet.pts is not None
        )


@pytest.mark.parametrize(
    "misses", [(), range(40, 70), range(12), range(COUNT - 12, COUNT), [n for n in range(COUNT) if n % 3]]
)
def test_a_face_is_covered_where_the_detector_misses_it(film: Path, misses: list[int] | range) -> None:
    faces = found_in(film, misses)
    assert len(faces.tracks) == 1
    assert uncovered(faces) == []
    track = faces.tracks[0]
    seen = {number for number in range(COUNT) if number not in misses}
    assert {track.first + i for i, score in enumerate(track.scores) if score} == seen


def test_frames_between_those_looked_at_are_covered(film: Path) -> None:
    assert uncovered(found_in(film, every=6)) == []


def test_what_is_gone_for_longer_is_another_track(film: Path) -> None:
    """Nothing is blurred for more than half a second after it was found last."""
    tracks = found_in(film, range(30, 90)).tracks
    assert [(track.first, track.last) for track in tracks] == [(0, 41), (77, COUNT - 1)]


def test_the_copy_has_the_same_times_and_sound(film: Path, tmp_path: Path) -> None:
    before = film.read_bytes()
    faces = found_in(film)
    copy = burn(film, index_of(film), faces)
    assert (copy.frames, copy.blurred_frames) == (COUNT, COUNT)
    assert film.read_bytes() == before
    assert [pts for pts, _ in _packets(copy_path(film), "video")] == times_ms()
    assert _packets(copy_path(film), "audio") == _packets(film, "audio")
    for number, (old, new) in enumerate(zip(_pictures(film), _pictures(copy_path(film)), strict=True)):
        left, top, width, height = face_at(number)
        inside = np.s_[top : top + height, left : left + width]
        assert _detail(new[inside]) < _detail(old[inside]) / 4
        outside = np.s_[:, left + 2 * width :] if left < 160 else np.s_[:, : left - width]
        assert np.abs(new[outside].astype(int) - old[outside]).mean() < 4


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_a_telephone_s_film_is_blurred_and_nothing_is_shifted(tmp_path: Path, codec: str) -> None:
    """Its times are finer than the copy's milliseconds, and its sound begins before 0."""
    film, count = write_phone_film(tmp_path / "cam01.mp4", codec, 30), 30
    with av.open(str(film)) as container:
        decoded = [packet.pts for packet in container.demux(video=0) if packet.pts is not None]
    assert decoded != sorted(decoded)
    copy = burn(film, index_of(film), found_in(film))
    assert (copy.frames, copy.blurred_frames) == (count, count)
    shown = [pts or 0 for pts, _ in _packets(copy_path(film), "video")]
    assert np.abs(np.array(shown) - np.array(phone_ticks(count)) / 90).max() <= 0.5
    sound, copied = _packets(film, "audio"), _packets(copy_path(film), "audio")
    assert (sound[0][0], copied[0][0]) == (-1024, -21)
    assert [digest for _, digest in copied] == [digest for _, digest in sound]
    was, now = ([pts or 0 for pts, _ in each] for each in (sound, copied))
    assert np.abs(np.array(now) - np.array(was) / 48).max() < 1


def test_of_a_trimmed_film_only_what_is_shown_is_looked_at_and_copied(tmp_path: Path) -> None:
    """It begins between key frames, at the 51st of 90 frames; what is cut away is in no copy."""
    count, away = 90, 50
    whole = write_phone_film(tmp_path / "whole.mp4", "libx264", count)
    film = write_trimmed_film(whole, tmp_path / "s" / "cam01.mp4", Fraction(phone_ticks(count)[away], 90_000))
    with av.open(str(film)) as container:
        assert sum(packet.is_discard for packet in container.demux(video=0)) >= away
    index, faces = index_of(film), found_in(film)
    begin = phone_ticks(count)[away]
    wanted = [(tick - begin) / 90 for tick in phone_ticks(count)[away:]]
    assert np.abs(np.array(index.times) / 1e6 - wanted).max() < 1e-3
    assert [uncovered_at(faces, number, away + number) for number in range(count - away)] == [False] * (
        count - away
    )
    for number, shown in enumerate(_read(film)):
        assert np.abs(shown.astype(int) - picture(away + number)).mean() < 6
    assert burn(film, index, faces).frames == count - away
    assert np.abs(np.array([pts for pts, _ in _packets(copy_path(film), "video")]) - wanted).max() <= 0.5
    early = [pts for pts, _ in _packets(copy_path(film), "audio") if pts is not None and pts < 0]
    assert early
    assert min(early) > -2 * 1024 / 48 - 1
    small = make_small(film)
    assert np.abs(np.array(index_of(small).times) / 1e6 - wanted).max() <= 0.5
    assert min(pts or 0 for pts, _ in _packets(small, "audio")) == min(early)


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("form", ["yuv420p", "yuvj420p", "yuv420p10le", "yuv422p"])
def test_a_portrait_film_is_looked_at_upright_and_its_copy_lies_upright(
    tmp_path: Path, turn: Turn, form: str
) -> None:
    """However a telephone was held, or mirrored: the boxes lie where the face is seen, in the film and its copy."""
    film = write_turned_film(tmp_path / "views" / "cam01.mp4", turn, form, 12)
    shown = _read(film)
    assert shown[0].shape == (HEIGHT, WIDTH, 3)
    faces = found_in(film)
    assert (faces.width, faces.height, len(faces.tracks)) == (WIDTH, HEIGHT, 1)
    assert uncovered(faces, 12) == []
    assert burn(film, index_of(film), faces).blurred_frames == 12
    with av.open(str(copy_path(film))) as container:
        copied = list(container.decode(video=0))
    assert [(frame.width, frame.height, frame.rotation) for frame in copied] == [(WIDTH, HEIGHT, 0)] * 12
    for number, (old, new) in enumerate(zip(shown, copied, strict=True)):
        left, top, width, height = face_at(number)
        pixels = new.to_ndarray(format="bgr24").astype(np.uint8)
        assert (
            _detail(pixels[top : top + height, left : left + width])
            < _detail(picture(number)[top : top + height, left : left + width]) / 3
        )
        beyond = np.s_[:, left + 2 * width :]
        assert np.abs(pixels[beyond].astype(int) - picture(number)[beyond]).mean() < 6
        assert np.abs(old[beyond].astype(int) - picture(number)[beyond]).mean() < 6


def test_faces_that_were_looked_for_sideways_are_to_be_looked_for_anew(tmp_path: Path) -> None:
    film = write_turned_film(tmp_path / "cam01.mp4", TURNS[3], "yuv420p", 5)
    with pytest.raises(WozError, match="woz blur detect PROJECT --again"):
        burn(film, index_of(film), replace(found_in(film), upright=False))
    assert not copy_path(film).exists()


def _read(film: Path) -> list[np.ndarray[tuple[int, ...], np.dtype[np.uint8]]]:
    """As the windows read them."""
    reader = FrameReader(film, index_of(film))
    found = [reader.read(number) for number in range(len(reader.times))]
    reader.close()
    return [frame.to_ndarray(format="bgr24").astype(np.uint8) for frame in found if frame]


def _detail(region: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> float:
    grey = region.mean(axis=2)
    return float(np.abs(np.diff(grey, axis=0)).mean() + np.abs(np.diff(grey, axis=1)).mean())


def test_who_has_consented_is_not_blurred(own: Path) -> None:
    faces = decided(found_in(own), {"f1"}, Decision.CONSENTED, "A01")
    assert burn(own, index_of(own), faces).blurred_frames == 0


def test_a_copy_that_is_made_again_is_the_same_byte_for_byte(own: Path) -> None:
    faces = found_in(own)
    assert burn(own, index_of(own), faces) == burn(own, index_of(own), faces)


def test_a_second_person_signs_off(own: Path) -> None:
    faces = found_in(own)
    with pytest.raises(WozError, match="decided on 1 track yet"):
        signed_off(faces, "A02", 0)
    with pytest.raises(WozError, match="no track f7"):
        decided(faces, {"f7"}, Decision.BLUR, "A01")
    faces = decided(faces, {"f1"}, Decision.BLUR, "A01")
    with pytest.raises(WozError, match="somebody else"):
        signed_off(faces, "A01", 0)
    signed = signed_off(faces, "A02", 0)
    assert signed.approved
    assert not decided(signed, {"f1"}, Decision.NO_FACE, "A01").approved
    assert not replace(signed, tracks=()).approved


def test_only_what_is_signed_off_and_burned_may_go(own: Path) -> None:
    assert "not looked for" in blur_objection(own)
    faces = found_in(own)
    _kept(own, faces, None)
    assert "No second person" in blur_objection(own)
    signed = signed_off(decided(faces, {"f1"}, Decision.BLUR, "A01"), "A02", 0)
    _kept(own, signed, faces)
    assert "no blurred copy" in blur_objection(own)
    burn(own, index_of(own), faces)
    assert "no blurred copy" in blur_objection(own)
    burn(own, index_of(own), signed)
    assert blur_objection(own) == ""
    with copy_path(own).open("ab") as file:
        file.write(b"x")
    assert "not as it was made" in blur_objection(own)
    write_film(own, 29)
    assert "was changed since it was blurred" in blur_objection(own)
    with pytest.raises(WozError, match="changed since faces were looked for"):
        burn(own, index_of(own), signed)


def _kept(film: Path, faces: Faces, before: Faces | None) -> None:
    save_faces(film, faces, before)
    assert load_faces(film) == faces


def test_two_people_at_once_lose_nothing(own: Path) -> None:
    faces = found_in(own)
    save_faces(own, faces, None)
    save_faces(own, decided(faces, {"f1"}, Decision.BLUR, "A01"), faces)
    with pytest.raises(WozError, match="Somebody else changed"):
        save_faces(own, decided(faces, {"f1"}, Decision.CONSENTED, "A02"), faces)
    faces_path(own).write_text('{"tracks": 1}')
    with pytest.raises(WozError, match="holds no faces that woz knows"):
        load_faces(own)


def test_stopping_leaves_nothing(own: Path) -> None:
    faces = found_in(own)
    with pytest.raises(Stopped):
        burn(own, index_of(own), faces, lambda part: part == 0)
    assert list(copy_path(own).parent.iterdir()) == []


def test_a_full_disk_is_said(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "1m") as disk:
        film = write_film(disk / "ego.mkv", 60)
        faces = found_in(film)
        (disk / "ballast").write_bytes(bytes(free_bytes(disk) - 20_000))
        with pytest.raises(WozError, match=r"No blurred copy of ego.mkv could be made .*make room"):
            burn(film, index_of(film), faces)
        assert list((disk / "derived").iterdir()) == []


def test_a_film_without_faces_has_no_tracks(own: Path) -> None:
    faces = find_faces(own, index_of(own), Reds(range(1000)), Looking())
    assert faces.tracks == ()
    assert burn(own, index_of(own), faces).blurred_frames == 0
    assert signed_off(faces, "A02", 0).approved


def test_the_uncertain_come_first(own: Path) -> None:
    sure = found_in(own).tracks[0]
    faint = replace(sure, id="f2", scores=tuple(min(0.3, score) for score in sure.scores))
    done = replace(faint, id="f3", decision=Decision.BLUR)
    assert [track.id for track in uncertain_first((done, sure, faint))] == ["f2", "f1", "f3"]


def test_a_model_that_is_away_or_changed_is_said(tmp_path: Path) -> None:
    with pytest.raises(WozError, match=r"not on this machine.*--fetch"):
        detector("centerface", tmp_path)
    (tmp_path / "centerface").mkdir()
    (tmp_path / "centerface" / "centerface.onnx").write_bytes(b"other")
    with pytest.raises(WozError, match=r"changed or is damaged.*woz models fetch centerface"):
        detector("centerface", tmp_path)
    with pytest.raises(WozError, match="There is no detector yolo"):
        detector("yolo", tmp_path)
    with pytest.raises(WozError, match="no EgoBlur model"):
        detector("ego.jit", tmp_path)


def test_the_real_model_finds_real_faces(shared_data: Path) -> None:
    try:
        model = CenterFace(real_model("centerface", fetch=False))
    except Unavailable as error:
        pytest.skip(str(error))
    film = shared_data / "faces" / "gen2_test_face_video.mp4"
    faces = find_faces(film, index_of(film), model, Looking())
    sure = [track for track in faces.tracks if track.score > 0.6]
    assert [(track.first, track.last) for track in sure] == [(0, 13), (0, 13)]
