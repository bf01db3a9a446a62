"""A text file that can't be read is told with why, and with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from woz.annotation.measures.frame_files import read_frames
from woz.base.errors import WozError, unread
from woz.procedures.formats import read_procedures
from woz.schemes.reading import scheme_from_file


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            FileNotFoundError(2, "No such file"),
            "none.txt can't be read (No such file); check its name and its folder.",
        ),
        (IsADirectoryError(21, "Is a folder"), "none.txt can't be read (Is a folder); name a file in it."),
        (PermissionError(13, "Denied"), "none.txt can't be read (Denied); see who may read it."),
        (OSError(5, "Bad block"), "none.txt can't be read (Bad block); see to its disk."),
        (
            UnicodeDecodeError("utf-8", b"\xff", 0, 1, "no"),
            "none.txt can't be read (it is no text in UTF-8); save it in that encoding, and try again.",
        ),
    ],
)
def test_each_reason_has_its_way_on(error: OSError | UnicodeDecodeError, words: str) -> None:
    assert unread("none.txt", error) == words


def test_frame_labels_schemes_and_procedures_tell_it_alike(tmp_path: Path) -> None:
    missing = tmp_path / "none.yaml"
    for read in (read_frames, scheme_from_file, read_procedures):
        with pytest.raises(WozError, match=r"none\.yaml can't be read \(.*\); check its name and its folder\.$"):
            read(missing)
