"""The file of what waits: whole at any moment, through to the disk before it counts."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from woz.annotation.waiting_file import WaitingFile


def test_it_holds_what_was_written_last_and_goes_with_it(tmp_path: Path) -> None:
    path = tmp_path / "desk" / "s.jsonl"
    file = WaitingFile(path)
    assert (file.there, file.read()) == (False, b"")
    for content in (b"one", b"one\ntwo"):
        file.write(content)
        assert (path.read_bytes(), WaitingFile(path).read()) == (content, content)
    file.write(b"")
    assert (file.there, list(path.parent.iterdir())) == (False, [])


def test_what_is_not_through_to_the_disk_takes_no_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = WaitingFile(tmp_path / "s.jsonl")
    file.write(b"one")

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        file.write(b"two")
    assert (file.there, file.read()) == (True, b"one")


def test_the_content_and_its_name_are_through_before_it_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, through = tmp_path / "s.jsonl", list[tuple[bool, bool]]()

    def note(opened: int) -> None:
        through.append((stat.S_ISDIR(os.fstat(opened).st_mode), path.exists()))

    monkeypatch.setattr(os, "fsync", note)
    file = WaitingFile(path)
    file.write(b"one")
    assert through == [(False, False)] + [(True, True)] * (os.name != "nt")
    file.write(b"")
    assert through[2:] == [(True, False)] * (os.name != "nt")


def test_a_file_system_that_syncs_no_folders_loses_and_keeps_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync = os.fsync

    def files_alone(opened: int) -> None:
        if stat.S_ISDIR(os.fstat(opened).st_mode):
            raise OSError(22, "Invalid argument")
        sync(opened)

    monkeypatch.setattr(os, "fsync", files_alone)
    file = WaitingFile(tmp_path / "s.jsonl")
    file.write(b"one")
    assert (file.there, WaitingFile(file.path).read()) == (True, b"one")
    file.write(b"")
    assert not list(tmp_path.iterdir())


def test_what_is_refused_is_kept_line_by_line_and_told_where(tmp_path: Path) -> None:
    file = WaitingFile(tmp_path / "s.jsonl")
    aside = tmp_path / "s.refused.jsonl"
    assert [file.refuse(line) for line in (b"1", b"2")] == [f"It is kept in {aside}."] * 2
    assert aside.read_bytes() == b"1\n2\n"


def test_without_a_path_nothing_is_kept() -> None:
    file = WaitingFile(None)
    file.write(b"one")
    assert (file.there, file.read(), file.refuse(b"1")) == (False, b"", "")
