"""A folder in one encrypted file and out of it again: keys of age, files beside it, names that are taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from woz.base.errors import WozError
from woz.remote.keys import Lock, Opener, new_identity, recipient_of
from woz.remote.sealing import seal, unseal

WORDS = "four words of ours"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "folder"
    (made / "inner").mkdir(parents=True)
    (made / "inner" / "film").write_bytes(b"\0" * 300_000)
    (made / "words.txt").write_text("red one", encoding="utf-8")
    return made


def _tree(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def _kept(identity: str) -> Opener:
    """As age-keygen writes its file."""
    return Opener(identity=f"# created: 2031-01-01\n# public key: {recipient_of(identity)}\n{identity}\n")


def test_what_goes_to_a_key_opens_by_its_identity_alone(folder: Path, tmp_path: Path) -> None:
    identity, file = new_identity(), tmp_path / "a.woz"
    seal(folder, file, Lock(recipient=recipient_of(identity)))
    assert b"red one" not in file.read_bytes()
    unseal(file, tmp_path / "opened", _kept(identity))
    assert _tree(tmp_path / "opened") == _tree(folder)
    for opener, why in (
        (_kept(new_identity()), "The key doesn't open the package"),
        (Opener(WORDS), "is for a key of age"),
        (Opener(identity="age1 is no identity"), "holds no identity of age"),
    ):
        with pytest.raises(WozError, match=why):
            unseal(file, tmp_path / "other", opener)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.woz", "folder", "opened"]


def test_a_folder_beside_it_stays(folder: Path, tmp_path: Path) -> None:
    seal(folder, tmp_path / "a.woz", Lock(WORDS))
    beside = tmp_path / "opened.part"
    beside.mkdir()
    (beside / "mine").write_text("mine", encoding="utf-8")
    unseal(tmp_path / "a.woz", tmp_path / "opened", Opener(WORDS))
    assert _tree(tmp_path / "opened") == _tree(folder)
    assert _tree(beside) == {"mine": b"mine"}


def test_a_file_that_came_meanwhile_stays(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out" / "a.woz"

    def meanwhile(percent: int, name: str) -> None:
        out.write_text("another's", encoding="utf-8")

    with pytest.raises(WozError, match="is there already"):
        seal(folder, out, Lock(WORDS), meanwhile)
    assert _tree(out.parent) == {"a.woz": b"another's"}
