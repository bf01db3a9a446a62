"""Names in archives of a folder that is to leave the lab, and what is told of archives that aren't looked into."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.core.closed_folder import close_folder
from tests.core.release_room import film
from tests.core.tagged_film import write_tagged
from woz.base.errors import WozError
from woz.privacy import archives
from woz.privacy.names import leaks as searching
from woz.privacy.names.leaks import Unsearched, leaks, not_looked_into
from woz.privacy.names.listing import NameKind, NameList

NAMES = NameList().with_name("Anna Meier", NameKind.PERSON).with_name("Bo", NameKind.PERSON)
SAID = b"first\nAsk Anna Meier\n"


def told(folder: Path) -> tuple[set[str], set[str]]:
    """The leaks, and what was not looked into."""
    left = list[Unsearched]()
    return {str(each) for each in leaks(folder, NAMES, left)}, set(map(str, left))


def tar_of(files: dict[str, bytes], owner: str = "") -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as tar:
        for name, data in files.items():
            facts = tarfile.TarInfo(name)
            facts.size, facts.uname = len(data), owner
            tar.addfile(facts, io.BytesIO(data))
    return made.getvalue()


def zip_of(files: dict[str, bytes], packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", packed) as held:
        for name, data in files.items():
            held.writestr(name, data)
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.zip", zip_of({"x/a.txt": SAID})),
        ("a.docx", zip_of({"x/a.txt": SAID})),
        ("a.tar", tar_of({"x/a.txt": SAID})),
        ("a.tar.gz", gzip.compress(tar_of({"x/a.txt": SAID}))),
        ("a.bin", lzma.compress(tar_of({"x/a.txt": SAID}))),
    ],
)
def test_what_lies_in_an_archive_is_searched(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert told(tmp_path) == ({f"'Anna Meier' stands in line 2 of x/a.txt in {name}."}, set())


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_packed_file_is_searched(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    (tmp_path / "a.csv.x").write_bytes(pack(SAID))
    assert told(tmp_path) == ({"'Anna Meier' stands in line 2 of a.csv in a.csv.x."}, set())


def test_a_shard_s_films_and_names_are_searched_and_archives_in_archives(tmp_path: Path) -> None:
    clip = write_tagged(film(tmp_path).path, tmp_path / "clip.mp4", {"title": "Anna Meier's lamp"}, {}, "chapter")
    out = tmp_path / "out"
    out.mkdir()
    within = zip_of({"notes.txt": SAID})
    data = {"1.json": b'{"a": 1}', "1.mp4": clip.read_bytes(), "bo_2.json": b"{}", "more.zip": within}
    (out / "train-000000.tar").write_bytes(tar_of(data, "bo"))
    found, left = told(out)
    assert left == set()
    assert "'Anna Meier' stands in line 2 of notes.txt in more.zip in train-000000.tar." in found
    assert "'bo' stands in the name of bo_2.json in train-000000.tar." in found
    assert "'bo' stands in what train-000000.tar says of 1.json." in found
    assert any(each.startswith('"Anna Meier\'s" stands in what 1.mp4 in train-000000.tar says') for each in found)


def test_the_name_and_the_comments_in_an_archive_are_searched(tmp_path: Path) -> None:
    with (tmp_path / "P01.gz").open("wb") as out, gzip.GzipFile("MeierAnna.csv.gz", "wb", fileobj=out) as file:
        file.write(b"a,b\n")
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as held:
        held.comment = b"by Anna Meier"
        held.writestr("a.txt", "")
    found, left = told(tmp_path)
    assert left == set()
    assert found == {
        "'Meier Anna' stands in the name of MeierAnna.csv in P01.gz.",
        "'Anna Meier' stands in what b.zip says of b.zip.",
    }


def test_archives_in_archives_are_told_by_their_own_names(tmp_path: Path) -> None:
    """Not by those under which they are unpacked, in which any short name may stand by chance."""
    clip = write_tagged(film(tmp_path).path, tmp_path / "clip.mp4", {"title": "Anna Meier's lamp"}, {}, "chapter")
    zipped = io.BytesIO(zip_of({"a.txt": b""}))
    with zipfile.ZipFile(zipped, "a") as held:
        held.comment = b"by Anna Meier"
    data = {
        "x/1.zip": zipped.getvalue(),
        "x/2.txt.gz": gzip.compress(SAID),
        "3.mp4.gz": gzip.compress(clip.read_bytes()),
    }
    out = tmp_path / "out"
    out.mkdir()
    (out / "a.tar").write_bytes(tar_of(data))
    found, left = told(out)
    assert left == set()
    assert {
        "'Anna Meier' stands in what x/1.zip in a.tar says of 1.zip.",
        "'Anna Meier' stands in line 2 of 2.txt in x/2.txt.gz in a.tar.",
    } <= found
    assert any(each.startswith('"Anna Meier\'s" stands in what 3.mp4 in 3.mp4.gz in a.tar says') for each in found)


def test_texts_of_arrays_are_searched(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "a.npz", said=np.array(["lamp", "Ask Anna Meier"]), times=np.arange(9.0))
    np.save(tmp_path / "b.npy", np.array([(1, b"Bo")], [("n", "i4"), ("who", "S8")]))
    np.save(tmp_path / "c.npy", np.array([{"who": "Bo"}], object), allow_pickle=True)
    found, left = told(tmp_path)
    assert found == {
        "'Anna Meier' stands in the array said.npy in a.npz.",
        "'Bo' stands in the array b.npy.",
    }
    assert left == {"c.npy (objects of Python, or damaged)"}


def test_a_name_across_the_pieces_of_a_long_line_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "PIECE", 100)
    (tmp_path / "a.json").write_text(" " * 94 + "Anna Meier" + "\nBo\n", encoding="utf-8")
    (tmp_path / "b.txt").write_text("Bo\n", encoding="utf-16")
    found, _ = told(tmp_path)
    assert found == {
        "'Anna Meier' stands in line 1 of a.json.",
        "'Bo' stands in line 2 of a.json.",
        "'Bo' stands in line 1 of b.txt.",
    }


@pytest.mark.parametrize(
    "text", [" " * 98 + "Bottle\n", " " * 87 + "turbo" + " " * 9 + "x\n", "-" * 98 + "Bottle" + "-" * 96]
)
def test_no_part_of_a_word_is_a_name_where_a_long_line_is_parted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr(searching, "PIECE", 100)
    monkeypatch.setattr(searching, "OVERLAP", 10)
    (tmp_path / "a.json").write_text(text, encoding="utf-8")
    assert told(tmp_path) == (set(), set())
    (tmp_path / "a.json").write_text(text.rstrip("\n") + " Bo", encoding="utf-8")
    assert told(tmp_path)[0] == {"'Bo' stands in line 1 of a.json."}


def test_a_short_name_in_what_is_no_text_is_told_and_no_leak(tmp_path: Path) -> None:
    """It stands in any file of some size; also before what shows that it is no text."""
    (tmp_path / "a.bin").write_bytes(b"\nBo\n\x00\xff\nBo\nAnna Meier\n")
    (tmp_path / "b.txt").write_bytes("Zoë\nBo\n".encode())
    assert told(tmp_path) == (
        {"'Anna Meier' stands in line 5 of a.bin.", "'Bo' stands in line 2 of b.txt."},
        {"a.bin (no text: names of up to three letters may stand there by chance)"},
    )


def test_what_is_not_looked_into_is_told_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_OF_ONE", 1000)
    monkeypatch.setattr(searching, "DEEP", 2)
    deep = zip_of({"1.zip": zip_of({"2.zip": zip_of({})})})
    files = {
        "a.parquet": b"PAR1....PAR1",
        "b.zip": zip_of({"large.txt": b"x" * 1001, "small.txt": SAID}),
        "c.tar": tar_of({"whole.txt": SAID})[:1024] + b"damaged" * 200,
        "d.zip": deep,
        "e.gz": gzip.compress(SAID)[:-9],
        "f.pdf": b"%PDF-1.7 Anna Meier",
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    left = list[Unsearched]()
    found = {str(each) for each in leaks(tmp_path, NAMES, left)}
    assert found == {
        "'Anna Meier' stands in line 2 of small.txt in b.zip.",
        "'Anna Meier' stands in line 2 of whole.txt in c.tar.",
    }
    assert not_looked_into(left) == (
        "Not looked into for names: a.parquet (Parquet), large.txt in b.zip (too large to be unpacked), c.tar"
        " (damaged), 2.zip in 1.zip in d.zip (in more than 2 archives), e.gz (damaged), and 1 more; look into them"
        " yourself, or take them out."
    )
    assert not_looked_into([]) == ""


def test_what_is_unpacked_of_one_file_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A zip of a kilobyte may hold a gigabyte of zeros, many times."""
    monkeypatch.setattr(archives, "MOST_OF_ALL", 3_000_000)
    (tmp_path / "a.zip").write_bytes(zip_of({f"{n}.txt": bytes(1_500_000) for n in range(4)}))
    _, left = told(tmp_path)
    assert left == {f"{n}.txt in a.zip (too large to be unpacked)" for n in (2, 3)}


def test_what_comes_after_the_end_of_a_tar_is_told(tmp_path: Path) -> None:
    """As another one, where two were put together; what only begins as the end of a tar does is none."""
    (tmp_path / "a.tar").write_bytes(tar_of({"a.txt": SAID}) + tar_of({"b.txt": SAID}))
    (tmp_path / "b.txt.gz").write_bytes(gzip.compress(bytes(1024) + SAID))
    found, left = told(tmp_path)
    assert found == {
        "'Anna Meier' stands in line 2 of a.txt in a.tar.",
        "'Anna Meier' stands in line 2 of b.txt in b.txt.gz.",
    }
    assert left == {"a.tar (damaged)"}


def test_damage_of_any_kind_is_told(tmp_path: Path) -> None:
    """A member in bzip2, of which the system says that its data are invalid; a zip of a version that nobody knows;
    an array whose header doesn't end."""
    data = bytearray(zip_of({"a.txt": b"Bo", "b.txt": SAID}, zipfile.ZIP_BZIP2))
    data[data.index(b"BZh") + 4] ^= 0xFF
    (tmp_path / "a.zip").write_bytes(data)
    data = bytearray(zip_of({"a.txt": b"Bo"}))
    data[data.index(b"PK\x01\x02") + 6] = 200
    (tmp_path / "b.zip").write_bytes(data)
    np.save(tmp_path / "c.npy", np.array(["Bo"]))
    (tmp_path / "c.npy").write_bytes((tmp_path / "c.npy").read_bytes().replace(b"}", b" ", 1))
    found, left = told(tmp_path)
    assert found == {"'Anna Meier' stands in line 2 of b.txt in a.zip."}
    assert left == {"a.txt in a.zip (damaged)", "b.zip (damaged)", "c.npy (objects of Python, or damaged)"}


def test_a_locked_member_leaves_the_others(tmp_path: Path) -> None:
    data = bytearray(zip_of({"a.txt": b"Bo", "b.txt": SAID}))
    for header, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(header) + at] |= 1
    (tmp_path / "a.zip").write_bytes(data)
    found, left = told(tmp_path)
    assert found == {"'Anna Meier' stands in line 2 of b.txt in a.zip."}
    assert left == {"a.txt in a.zip (encrypted, or packed in a way that isn't known here)"}


def test_links_to_folders_and_closed_folders_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "out"
    (folder / "closed").mkdir(parents=True)
    (folder / "linked").symlink_to(tmp_path)
    entered = os.scandir

    def scandir(path: str | Path) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return entered(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert told(folder) == (set(), {"linked (a link to a folder)", "closed (Permission denied)"})


def test_a_folder_that_may_be_listed_and_not_entered_hides_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "said.txt").write_bytes(SAID)
    close_folder(monkeypatch, tmp_path / "a")
    found = list[str]()
    with pytest.raises(WozError, match=r"a/said\.txt can't be read \(Permission denied\)"):
        found.extend(str(each) for each in leaks(tmp_path, NAMES, []))
    assert found == ["'Anna Meier' stands in line 2 of b/said.txt."]
