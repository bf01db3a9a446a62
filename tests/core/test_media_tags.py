"""What films, sounds and pictures say of themselves: found in a release, and in no clip or copy that is made."""

from __future__ import annotations

import hashlib
import json
import shutil
import struct
import zlib
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from av.stream import Disposition

from tests.core.face_room import found_in, index_of, write_film
from tests.core.media_files import write_sound
from tests.core.release_room import amiss, build, bundle, film
from tests.core.tagged_film import TAGS, TRACK_TAGS, write_tagged
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S, Interval
from woz.dataset.release import cutting
from woz.dataset.release.checking import looked_at
from woz.dataset.release.clips import Cut, Film, cut_clip
from woz.dataset.release.recipe import Recipe
from woz.deidentifying.burning import burn, copy_path
from woz.playback.stand_in import make_small
from woz.privacy.media_tags import Said, said_in
from woz.privacy.names.leaks import leaks
from woz.privacy.names.listing import NameKind, NameList

NAMES = NameList().with_name("Anna Meier", NameKind.PERSON)
EXIF = b"Exif\x00\x00MM\x00*\x00\x00\x00\x08" + b"Apple\x00iPhone 15 Pro\x00Anna Meier\x00"


def told(path: Path) -> list[Said]:
    return [each for each in said_in(path) if not each.is_form]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return film(tmp_path_factory.mktemp("plain")).path


@pytest.mark.parametrize("end", ["mp4", "mov", "mkv"])
def test_all_that_a_film_says_is_found(plain: Path, tmp_path: Path, end: str) -> None:
    said = told(write_tagged(plain, tmp_path / f"clip.{end}"))
    texts = {each.text for each in said}
    wanted = {text for key, text in TAGS.items() if key != "creation_time"} | {TRACK_TAGS["handler_name"]}
    assert wanted - texts == set()
    assert any(each.text.startswith("2026-03-01T10:00:00") for each in said)
    assert any(each.where == "chapter 0" and each.text == "Anna Meier" for each in said)
    assert any(each.key.startswith("neither pictures nor sound") for each in said)
    assert told(plain) == []


def test_boxes_that_cameras_add_are_told_by_their_kind(plain: Path, tmp_path: Path) -> None:
    """As GoPro's serial number of camera, `CAMB`, which FFmpeg passes over."""
    made = tmp_path / "clip.mp4"
    data = bytearray(plain.read_bytes())
    movie = data.index(b"moov") - 4
    own = struct.pack(">I4s8s", 16, b"CAMB", b"C3501234")
    box = struct.pack(">I4s", 8 + len(own), b"udta") + own
    length = int.from_bytes(data[movie : movie + 4])
    assert movie + length == len(data)
    data[movie : movie + 4] = struct.pack(">I", length + len(box))
    made.write_bytes(bytes(data) + box + struct.pack(">I4s16s", 24, b"uuid", bytes(16)))
    assert [str(each) for each in told(made)] == ["the file has a box CAMB", "the file has a box uuid"]


@pytest.mark.parametrize("end", ["wav", "flac", "m4a", "mp3", "webm"])
def test_a_sound_s_tags_are_found(tmp_path: Path, end: str) -> None:
    sound = write_sound(tmp_path / f"voice.{end}", np.zeros(4800, np.float32))
    assert told(sound) == []
    tagged = write_tagged(sound, tmp_path / f"tagged.{end}", {"artist": "Anna Meier", "comment": "c"}, {})
    assert {"Anna Meier", "c"} <= {each.text for each in told(tagged)}


def write_covered(film: Path, path: Path, picture: bytes) -> Path:
    """The same film with a cover, as an MP4's or an attachment of Matroska's."""
    with av.open(str(film)) as source, av.open(str(path), "w") as out:
        made = {each.index: out.add_stream_from_template(each) for each in source.streams}
        if path.suffix == ".mkv":
            out.add_attachment("cover.jpg", "image/jpeg", picture)
        else:
            cover = out.add_stream("mjpeg")
            cover.width, cover.height, cover.pix_fmt = 16, 16, "yuvj420p"
            cover.disposition = Disposition.attached_pic
            packet = av.Packet(picture)
            packet.stream, packet.pts, packet.dts, packet.time_base = cover, 0, 0, Fraction(1, 90_000)
            out.mux(packet)
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = made[packet.stream.index]
                out.mux(packet)
    return path


@pytest.mark.parametrize("end", ["mp4", "mkv"])
def test_a_film_s_cover_is_found(plain: Path, tmp_path: Path, end: str) -> None:
    picture = jpeg(tmp_path / "cover.jpg").read_bytes()
    said = told(write_covered(plain, tmp_path / f"clip.{end}", picture))
    assert "track 2 has a cover picture" in map(str, said)


def jpeg(path: Path, *segments: tuple[int, bytes]) -> Path:
    done, data = cv2.imencode(".jpg", np.full((16, 16, 3), 90, np.uint8))
    assert done
    added = b"".join(struct.pack(">BBH", 0xFF, marker, 2 + len(text)) + text for marker, text in segments)
    path.write_bytes(data.tobytes()[:2] + added + data.tobytes()[2:])
    return path


def png(path: Path, *chunks: tuple[bytes, bytes]) -> Path:
    done, data = cv2.imencode(".png", np.full((16, 16, 3), 90, np.uint8))
    assert done
    added = b"".join(
        struct.pack(">I", len(text)) + kind + text + struct.pack(">I", zlib.crc32(kind + text))
        for kind, text in chunks
    )
    path.write_bytes(data.tobytes()[:33] + added + data.tobytes()[33:])
    return path


def test_what_pictures_say_is_found(tmp_path: Path) -> None:
    assert told(jpeg(tmp_path / "0.jpg")) == told(png(tmp_path / "0.png")) == []
    [exif, comment] = told(jpeg(tmp_path / "1.JPG", (0xE1, EXIF), (0xFE, b"by Anna Meier")))
    assert (exif.key, comment.key, comment.text) == ("Exif or XMP", "a comment", "by Anna Meier")
    assert "iPhone 15 Pro" in exif.text
    [wide] = told(jpeg(tmp_path / "2.jpg", (0xE1, b"Exif\x00\x00" + "von Anna Meier".encode("utf-16-le"))))
    assert "von Anna Meier" in wide.text
    assert "Anna Meier" in exif.text
    [text, time] = told(png(tmp_path / "1.png", (b"tEXt", b"Author\x00Anna Meier"), (b"tIME", bytes(7))))
    assert (text.text, time.key) == ("Author Anna Meier", "a time")


def test_names_in_tags_are_leaks(plain: Path, tmp_path: Path) -> None:
    folder = tmp_path / "release"
    folder.mkdir()
    write_tagged(plain, folder / "clip.mp4", {"title": "Anna Meier's kitchen", "comment": "for MeierAnna"}, {})
    jpeg(folder / "0.jpg", (0xE1, EXIF))
    found = {str(each) for each in leaks(folder, NAMES, [])}
    assert "'Meier Anna' stands in what clip.mp4 says of itself: the file has comment “for MeierAnna”." in found
    assert any(
        each.startswith('"Anna Meier\'s" stands in what clip.mp4 says of itself: the file') for each in found
    )
    assert any(each.startswith("'Anna Meier' stands in what clip.mp4 says of itself: chapter 0") for each in found)
    assert any(each.startswith("'Anna Meier' stands in what 0.jpg says of itself: the picture") for each in found)
    (folder / "broken.mp4").write_bytes(b"Anna Meier")
    others = set[str]()
    with pytest.raises(WozError, match=r"broken.mp4 can't be read as a picture, a sound or a film"):
        others.update(str(each) for each in leaks(folder, NAMES, []))
    assert others == found


def test_what_a_writer_leaves_in_every_file_is_no_leak(plain: Path, tmp_path: Path) -> None:
    """Whose handlers are called VideoHandler, and whose brand is isom."""
    names = NameList().with_name("Händler", NameKind.PERSON).with_name("Isom", NameKind.PERSON)
    shutil.copyfile(plain, tmp_path / "clip.mp4")
    assert {"VideoHandler", "isom"} <= {each.text for each in said_in(plain)}
    assert list(leaks(tmp_path, names, [])) == []
    write_tagged(plain, tmp_path / "clip.mp4", {"title": "Isom's lamp"}, {})
    assert any(each.form == "Isom's" for each in leaks(tmp_path, names, []))


@pytest.mark.parametrize("end", ["mp4", "mkv"])
def test_no_clip_and_no_copy_says_what_its_film_did(tmp_path: Path, end: str) -> None:
    source = write_tagged(write_film(tmp_path / "plain.mkv", 50), tmp_path / f"cam01.{end}")
    assert told(source)
    clip, picture = tmp_path / "clip.mp4", tmp_path / "0.jpg"
    cut_clip(Film(source), Cut(Interval(0, NS_PER_S), NS_PER_S, 1), clip, [picture])
    burn(source, index_of(source), found_in(source))
    for made in (clip, picture, copy_path(source), make_small(source)):
        assert told(made) == [], made.name


def test_a_release_with_a_tagged_clip_is_told_and_none_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    video = film(tmp_path)
    out, sessions = tmp_path / "out", [bundle("s01", "P01")]
    build(out, Recipe("lamps"), sessions, video)
    assert amiss(out) == []
    clip = next((out / "clips").iterdir())
    name = f"clips/{clip.name}"
    write_tagged(clip, tmp_path / "tagged.mp4", {"location": "+52.5200+013.4050/"}, {})
    clip.write_bytes((tmp_path / "tagged.mp4").read_bytes())
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"][name] = {
        "sha256": hashlib.sha256(clip.read_bytes()).hexdigest(),
        "bytes": clip.stat().st_size,
    }
    (out / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    changed, said = looked_at(out)
    assert changed == []
    assert any(
        each.startswith(f"{name} may tell who made it, where, when or with what: the file has location")
        for each in said
    )

    def as_it_was(film: Film, cut: Cut, clip: Path, pictures: list[Path]) -> list[int]:
        times = cut_clip(film, cut, clip, pictures)
        write_tagged(clip, tmp_path / "again.mp4", {"model": "iPhone 15 Pro"}, {})
        clip.write_bytes((tmp_path / "again.mp4").read_bytes())
        return times

    monkeypatch.setattr(cutting, "cut_clip", as_it_was)
    with pytest.raises(WozError, match=r"Nothing was released: clips/.* with what: the file has"):
        build(tmp_path / "second", replace(Recipe("lamps")), sessions, video)
    assert not (tmp_path / "second").exists()
