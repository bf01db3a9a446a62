"""Faces that a person draws: carried along to where they are lost, cut back, taken on, signed off by another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.face_room import (
    COUNT,
    HEIGHT,
    NO_TABLE,
    SIDE,
    WIDTH,
    Reds,
    face_at,
    index_of,
    uncovered,
    write_film,
)
from woz.base.errors import WozError
from woz.deidentifying.carrying import Carried, carried, carried_from
from woz.deidentifying.deciding import decided, signed_off
from woz.deidentifying.detecting import Looking, find_faces
from woz.deidentifying.detectors.port import DetectorFacts
from woz.deidentifying.faces import Decision, Faces, Track, overlap
from woz.deidentifying.mending import cut_to, reaching, taken_on, with_drawn
from woz.playback.frames import FrameReader
from woz.recording.folder.frame_index import frame_index

FRAMES = COUNT + 60
"""The face leaves the picture on the way."""


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_film(tmp_path_factory.mktemp("film") / "ego.mkv", FRAMES)


@pytest.fixture(scope="module")
def reader(film: Path) -> Iterator[FrameReader]:
    opened = FrameReader(film, frame_index(film, NO_TABLE))
    yield opened
    opened.close()


def _faces(*tracks: Track) -> Faces:
    return Faces("0" * 64, COUNT, WIDTH, HEIGHT, DetectorFacts("reds", "1", ""), 0.2, tracks)


def _track(first: int, last: int, name: str = "f1") -> Track:
    boxes = tuple(face_at(n) for n in range(first, last + 1))
    return Track(name, first, boxes, (0.5,) * len(boxes), Decision.BLUR, "A01")


def test_a_drawn_box_follows_its_face_both_ways(reader: FrameReader) -> None:
    found = carried(reader.read, 60, face_at(60))
    assert found.first == 0
    assert found.first + len(found.boxes) > COUNT
    poor = [n for n, box in enumerate(found.boxes[:COUNT]) if overlap(box, face_at(n)) < 0.6]
    assert poor == []


def test_it_ends_where_its_face_is_covered(reader: FrameReader) -> None:
    """What comes in front of it is not taken for it."""
    film = {n: reader.read(n) for n in range(50, 90)}
    blank = reader.read(0)

    def read(number: int):  # type: ignore[no-untyped-def]
        return blank if number >= 80 else film.get(number)

    assert 50 + len(list(carried_from(read, 50, face_at(50), 1))) in range(78, 82)


def test_nobody_waits_for_what_is_not_there() -> None:
    assert carried(lambda _: None, 5, (1, 1, 9, 9)) == Carried(5, ((1, 1, 9, 9),))


def test_a_leak_is_mended(film: Path, reader: FrameReader) -> None:
    """The detector misses the face for longer than a gap that is filled."""
    missed = find_faces(film, index_of(film), Reds(range(20, FRAMES)), Looking())
    leaks = uncovered(missed)
    assert leaks
    assert leaks[0] > 20
    mended, track = with_drawn(missed, carried(reader.read, 100, face_at(100)), "A02")
    assert (track.id, track.decision, track.by, track.drawn) == ("d1", Decision.BLUR, "A02", True)
    assert uncovered(mended) == []


def test_a_track_is_cut_back_and_taken_on() -> None:
    faces = _faces(_track(10, 30))
    cut = cut_to(faces, faces.tracks[0], 15, 99, "A02")
    [track] = cut.tracks
    assert (track.first, track.last, track.by) == (15, 30, "A02")
    assert track.box(15) == face_at(15)
    with pytest.raises(WozError, match="Nothing of f1 would be left"):
        cut_to(cut, track, 40, 50, "A02")
    later = reaching(track, (Carried(31, (face_at(31), face_at(32))),), 35)
    [longer] = taken_on(cut, track, later, "A02").tracks
    assert (longer.first, longer.last) == (15, 35)
    assert [longer.box(n) for n in (32, 33, 35)] == [face_at(32)] * 3
    earlier = reaching(longer, (Carried(14, (face_at(14),)),), 12)
    [whole] = taken_on(_faces(longer), longer, earlier, "A02").tracks
    assert [whole.box(n) for n in (12, 13, 14, 15)] == [face_at(14)] * 3 + [face_at(15)]
    with pytest.raises(WozError, match="changed meanwhile"):
        taken_on(_faces(whole), whole, Carried(90, (face_at(90),)), "A02")


def test_what_a_second_person_draws_a_third_or_the_first_signs_off() -> None:
    faces, drawn = with_drawn(_faces(_track(0, 9)), Carried(40, ((1, 1, SIDE, SIDE),)), "A02")
    half = signed_off(faces, "A02", 1)
    assert (half.approved, half.unsigned, half.tracks[0].checked) == (False, 1, "A02")
    with pytest.raises(WozError, match="A02 decided on these faces"):
        signed_off(half, "A02", 2)
    whole = signed_off(half, "A01", 3)
    assert (whole.approved, [track.checked for track in whole.tracks]) == (True, ["A02", "A01"])
    assert whole.digest == faces.digest
    again = decided(whole, {drawn.id}, Decision.NO_FACE, "A02")
    assert (again.approved, again.unsigned) == (False, 1)
    assert signed_off(again, "A01", 4).approved


def test_an_open_track_that_is_cut_stays_open() -> None:
    faces = _faces(replace(_track(0, 9), decision=Decision.OPEN, by=""))
    [track] = cut_to(faces, faces.tracks[0], 2, 5, "A01").tracks
    assert (track.decision, track.by) == (Decision.OPEN, "")
