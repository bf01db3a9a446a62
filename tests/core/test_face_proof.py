"""How well faces are covered: measured where they are known, bounded where they are counted on samples."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.core.face_room import COUNT, face_at, found_in, index_of, write_film, write_phone_film
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.deidentifying import films
from woz.deidentifying.bounds import upper_bound
from woz.deidentifying.burning import burn, copy_path
from woz.deidentifying.deciding import decided
from woz.deidentifying.faces import Decision, Faces
from woz.deidentifying.keeping import save_faces
from woz.deidentifying.proving import Count, Known, measured
from woz.deidentifying.sampling import PICTURE_WIDTH, TABLE, Blurred, drawn, read_counts, write_samples
from woz.lab.blurring import SessionFilm
from woz.lab.face_proof import counted_by, draw_samples, measured_on, proof_of

NAME = "s1 ego.mkv"
TRUTH = Known(0, tuple(face_at(number) for number in range(COUNT)))


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> SessionFilm:
    path = write_film(tmp_path_factory.mktemp("session") / "ego.mkv")
    faces = found_in(path)
    save_faces(path, faces, None)
    burn(path, index_of(path), faces)
    return SessionFilm(path, Path("none.csv"))


@pytest.mark.parametrize(
    ("misses", "of", "bound"),
    [(0, 0, 1), (0, 2, 1), (0, 300, 0.01), (1, 10, 0.3942), (2, 100, 0.0616), (5, 50, 0.1988), (4, 4, 1)],
)
def test_the_bound_is_that_of_the_tables(misses: int, of: int, bound: float) -> None:
    """Clopper and Pearson, one-sided 95 %, as scipy.stats.beta.ppf(0.95, k + 1, n - k) gives it."""
    assert upper_bound(misses, of) == pytest.approx(bound, abs=1e-4)


def test_a_face_that_is_covered_throughout_is_all_found(film: SessionFilm) -> None:
    figures = measured(found_in(film.path), index_of(film.path).times, [TRUTH]).figures()
    assert (figures["face_seconds"], figures["recall_face_second"], figures["tracks_covered"]) == (5, 1, 1)
    assert (figures["leaks_an_hour"], figures["leaks_an_hour_at_most"]) == (0, 3600 * 3 / 5)


def test_one_uncovered_frame_is_a_leak(film: SessionFilm) -> None:
    """Gone for longer than is bridged, from 1.2 s (followed to 1.7 s) to 3.6 s (and back to 3.1 s)."""
    count = measured(found_in(film.path, range(30, 90)), index_of(film.path).times, [TRUTH])
    assert count == Count(5, 3, 5, 3, 1, 1)
    assert count.figures()["leaks_an_hour"] == 2160
    shown = decided(found_in(film.path), {"f1"}, Decision.NO_FACE, "A01")
    assert measured(shown, index_of(film.path).times, [TRUTH]).missed_face_seconds == 5
    with pytest.raises(WozError, match="of another one"):
        measured(shown, index_of(film.path).times[:50], [TRUTH])


def test_known_boxes_come_from_a_file(film: SessionFilm, tmp_path: Path) -> None:
    known = tmp_path / "known.json"
    known.write_text(json.dumps([{"first": 0, "boxes": TRUTH.boxes}]))
    assert measured_on(film, known) == Count(5, 0, 5, 0, 1, 0)
    known.write_text("[{}]")
    with pytest.raises(WozError, match=r"holds no boxes \(.*\); write them as \[\{\"first\": 0, \"boxes\""):
        measured_on(film, known)
    with pytest.raises(WozError) as away:
        measured_on(film, tmp_path / "away.json")
    assert str(away.value).startswith(f"{tmp_path / 'away.json'} holds no boxes (No such file or directory); write")


def _filled_in(table: Path, uncovered: dict[str, int]) -> None:
    with table.open(newline="") as file:
        rows = list(csv.DictReader(file))
    with table.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows({**row, "faces": 1, "uncovered": uncovered.get(row["name"], 0)} for row in rows)


def test_a_second_person_counts(film: SessionFilm, tmp_path: Path) -> None:
    table, count = draw_samples({NAME: film}, 3, 0, tmp_path / "samples")
    assert count == 4
    assert len(list(table.parent.glob("second-*.jpg"))) == 3
    assert (table.parent / "track-f1.jpg").stat().st_size > 1000
    with pytest.raises(WozError, match="not filled in"):
        counted_by({NAME: film}, table, "A02")
    with pytest.raises(WozError, match="exists already"):
        draw_samples({NAME: film}, 3, 0, table.parent)
    second = next(table.parent.glob("second-*.jpg")).stem.removeprefix("second-")
    _filled_in(table, {second: 1})
    assert counted_by({NAME: film}, table, "A02") == Count(3, 1, 3, 1, 1, 0)
    faces = found_in(film.path)
    kept = proof_of(film.path, faces)
    assert kept is not None
    assert (kept.by, kept.count.leaking_seconds) == ("A02", 1)
    assert proof_of(film.path, decided(faces, {"f1"}, Decision.BLUR, "A01")) is None
    _filled_in(table, {second: 2})
    with pytest.raises(WozError, match="count again"):
        read_counts(table, {NAME: faces.digest})


def _blurred(film: Path, faces: Faces) -> Blurred:
    return Blurred.of(copy_path(film), lambda: index_of(film), faces)


def test_samples_are_the_same_for_the_same_seed(film: SessionFilm) -> None:
    copies = {NAME: _blurred(film.path, found_in(film.path))}
    assert drawn(copies, 2, 7) == drawn(copies, 2, 7)
    assert {sample.name for seed in range(9) for sample in drawn(copies, 1, seed)[NAME]} > {"f1", "s0", "s4"}


def test_samples_of_a_copy_whose_film_has_finer_times(tmp_path: Path) -> None:
    path = write_phone_film(tmp_path / "cam01.mp4", "libx264", 31)
    save_faces(path, found_in(path), None)
    burn(path, index_of(path), found_in(path))
    table, count = draw_samples({NAME: SessionFilm(path, Path("none.csv"))}, 2, 0, tmp_path / "samples")
    assert count == 3
    for strip in ("second-s0.jpg", "second-s1.jpg", "track-f1.jpg"):
        assert _pictures_in(table.parent / strip) == (1 if strip == "second-s1.jpg" else 5)


def test_frames_far_apart_are_reached_without_those_between(
    film: SessionFilm, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, index = copy_path(film.path), index_of(film.path)
    wanted = {1, 2, 59, 60, 118}
    every = {n: frame.to_ndarray() for n, _, frame in films.numbered(path, index, films.ROUNDED_NS) if n in wanted}
    monkeypatch.setattr(films, "APART_NS", NS_PER_S // 4)
    looked, nearest = list[int](), films._nearest

    def watched(times: Sequence[int], t_ns: int) -> int | None:
        looked.append(t_ns)
        return nearest(times, t_ns)

    monkeypatch.setattr(films, "_nearest", watched)
    found = {n: frame.to_ndarray() for n, frame in films.picked(path, index, wanted, films.ROUNDED_NS)}
    assert list(found) == sorted(wanted)
    assert all(np.array_equal(found[n], every[n]) for n in wanted)
    assert len(looked) < COUNT * 3 / 4, "of groups of 30 frames the three that hold them"
    monkeypatch.setattr(films, "_stretches", lambda times: [(times[-1], times[-1])])
    assert {n for n, _ in films.picked(path, index, wanted, films.ROUNDED_NS)} == wanted, "a seek that misses"


def _pictures_in(strip: Path) -> int:
    image = cv2.imread(str(strip))
    assert image is not None
    return int(image.shape[1]) // PICTURE_WIDTH


def test_several_films_are_drawn_from_and_counted_together(film: SessionFilm, tmp_path: Path) -> None:
    """Each film's part is kept with it, for a release that has some of them."""
    path = write_film(tmp_path / "s2" / "ego.mkv", 60)
    save_faces(path, found_in(path), None)
    burn(path, index_of(path), found_in(path))
    films = {NAME: film, "s2 ego.mkv": SessionFilm(path, Path("none.csv"))}
    table, count = draw_samples(films, 6, 0, tmp_path / "samples")
    assert count == 6 + 2
    with table.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert all((table.parent / row["picture"]).is_file() for row in rows)
    seconds = {name: sum(row["film"] == name and row["kind"] == "second" for row in rows) for name in films}
    assert seconds[NAME] + seconds["s2 ego.mkv"] == 6
    assert 0 < seconds["s2 ego.mkv"] <= 3
    _filled_in(table, {"s0": 1})
    leaks = sum(row["name"] == "s0" for row in rows)
    assert counted_by(films, table, "A02") == Count(6, leaks, 6, leaks, 2, 0)
    kept = [proof_of(each.path, found_in(each.path)) for each in films.values()]
    assert [each.count.seconds for each in kept if each] == list(seconds.values())
    with pytest.raises(WozError, match=r"drawn of other films, or before the faces of s2 ego\.mkv were changed"):
        counted_by({NAME: film}, table, "A02")


def test_each_second_is_drawn_alike_whichever_film_it_is_of(film: SessionFilm) -> None:
    long = _blurred(film.path, found_in(film.path))
    short = replace(long, seconds=long.seconds[:1])
    of_short = sum(len(drawn({"a": long, "b": short}, 1, seed)["b"]) for seed in range(600))
    assert of_short == pytest.approx(600 / 6 + 600 / 2, rel=0.2), "of five seconds and one; of a track each"


def test_a_count_of_samples_of_other_faces_is_refused(tmp_path: Path) -> None:
    path = write_film(tmp_path / "ego.mkv", 30)
    own, faces = SessionFilm(path, Path("none.csv")), found_in(path)
    save_faces(path, faces, None)
    burn(path, index_of(path), faces)
    table, _ = draw_samples({NAME: own}, 1, 0, tmp_path / "samples")
    _filled_in(table, {})
    shown = decided(faces, {"f1"}, Decision.CONSENTED, "A01")
    save_faces(path, shown, faces)
    burn(path, index_of(path), shown)
    with pytest.raises(WozError, match=r"before the faces of s1 ego\.mkv were changed; draw samples anew"):
        counted_by({NAME: own}, table, "A02")
    assert proof_of(path, shown) is None


def test_who_decided_does_not_count(tmp_path: Path) -> None:
    path = write_film(tmp_path / "ego.mkv", 30)
    found = found_in(path)
    faces: Faces = decided(found, {"f1"}, Decision.BLUR, "A01")
    save_faces(path, faces, None)
    own = SessionFilm(path, Path("none.csv"))
    with pytest.raises(WozError, match="run woz blur burn"):
        draw_samples({NAME: own}, 1, 0, tmp_path / "samples")
    burn(path, index_of(path), faces)
    copies = {NAME: _blurred(path, faces)}
    table = write_samples(copies, drawn(copies, 1, 0), tmp_path / "s")
    assert table.name == TABLE
    _filled_in(table, {})
    with pytest.raises(WozError, match="somebody else has to count"):
        counted_by({NAME: own}, table, "A01")
