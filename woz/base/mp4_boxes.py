"""Boxes of MP4 and QuickTime files (ISO/IEC 14496-12, 4.2), for what FFmpeg doesn't tell of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

SUFFIXES = frozenset({".mp4", ".m4a", ".m4v", ".mov", ".qt", ".3gp", ".3g2"})
HEAD = 8
LARGE = 16
"""Bytes before a box's content; the second where its length takes 64 bits."""


@dataclass(frozen=True, slots=True)
class Box:
    """`kind` is its four characters; its content lies in the file from `begin` to before `end` (bytes)."""

    kind: bytes
    begin: int
    end: int


def boxes_of(path: Path) -> list[Box]:
    """Those that a file is made of; empty for a file of another kind. Raises OSError where it can't be read."""
    with path.open("rb") as file:
        found = list(boxes(file, 0, path.stat().st_size))
    return found if any(each.kind == b"moov" for each in found) else []


def boxes(file: BinaryIO, begin: int, end: int) -> Iterator[Box]:
    """One after the other, up to the first whose length can't be right."""
    while begin + HEAD <= end:
        file.seek(begin)
        head = file.read(LARGE)
        length, content = int.from_bytes(head[:4]), HEAD
        if length == 1:
            length, content = int.from_bytes(head[HEAD:]), LARGE
        elif length == 0:
            length = end - begin
        if length < content or begin + length > end:
            return
        yield Box(head[4:HEAD], begin + content, begin + length)
        begin += length


def within(file: BinaryIO, box: Box, *kinds: bytes) -> Iterator[Box]:
    """The boxes at the end of a path of kinds inside a box."""
    if not kinds:
        yield box
        return
    for each in list(boxes(file, box.begin, box.end)):
        if each.kind == kinds[0]:
            yield from within(file, each, *kinds[1:])


def content(file: BinaryIO, box: Box) -> bytes:
    file.seek(box.begin)
    return file.read(box.end - box.begin)
