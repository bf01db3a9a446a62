"""Hashes of files: each is read once, and what was read is not lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from woz.recording.folder import known_hashes
from woz.recording.folder.known_hashes import KnownHashes


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_bytes(b"12345")
    other.write_bytes(b"123")
    return one, other


def test_it_is_told_how_much_was_read(files: tuple[Path, Path], tmp_path: Path) -> None:
    told = list[int]()
    hashes = KnownHashes(tmp_path / "cache" / "hashes.json", told.append)
    for path in (*files, files[0]):
        hashes.of(path)
    assert told == [5, 8]


def test_what_was_read_is_kept_on_the_way(
    files: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Films of days of recordings take hours: whoever is killed meanwhile begins with what is left."""
    kept = tmp_path / "cache" / "hashes.json"
    monkeypatch.setattr(known_hashes, "KEPT_EVERY_NS", 0)
    KnownHashes(kept).of(files[0])
    monkeypatch.setattr(known_hashes, "KEPT_EVERY_NS", 10**18)
    told = list[int]()
    again = KnownHashes(kept, told.append)
    again.of(files[0])
    again.of(files[1])
    assert told == [3]
    KnownHashes(kept, told.append).of(files[1])
    assert told == [3, 3], "what nobody kept is read again"
    again.keep()
    KnownHashes(kept, told.append).of(files[1])
    assert told == [3, 3]
