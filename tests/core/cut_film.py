"""Films whose edit lists and sample entries are written anew, as programs that cut films write them."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from pathlib import Path

from woz.base.mp4_boxes import Box, boxes

Part = tuple[float | None, float, float]
"""Where it begins in the film (s), None where nothing is shown; how long it is shown (s); how fast."""
Change = Callable[[bytes, bytes], bytes]
"""Gets a box's kind and content, gives the box."""


def write_cut_film(film: Path, path: Path, parts: Sequence[Part]) -> Path:
    """The packets stay, and each track's edit list has these parts. The film's index is at its end."""

    def with_list(kind: bytes, content: bytes) -> bytes:
        if kind != b"trak":
            return box(kind, content)
        made = [each for each in inside(content) if each[0] != b"edts"]
        scale, begin = _scale(content), _begin(content)
        rows = [
            struct.pack(
                ">Iii", round(length * 1000), -1 if at is None else begin + round(at * scale), round(speed * 65536)
            )
            for at, length, speed in parts
        ]
        edits = box(b"edts", box(b"elst", struct.pack(">II", 0, len(rows)) + b"".join(rows)))
        return box(kind, b"".join(box(*each) + (edits if each[0] == b"tkhd" else b"") for each in made))

    return _rewritten(film, path, with_list)


def write_dolby_vision(film: Path, path: Path, profile: int, like: int) -> Path:
    """The record of Dolby Vision stands in the first sample entry; `like` says what its pictures are besides."""
    record = box(
        b"dvcC" if profile < 8 else b"dvvC", bytes((1, 0, profile << 1, 0b00101101, like << 4)) + bytes(19)
    )

    def with_record(kind: bytes, content: bytes) -> bytes:
        if kind == b"stsd":
            [(entry, inner)] = inside(content[8:])
            return box(kind, content[:8] + box(entry, inner + record))
        if kind in (b"trak", b"mdia", b"minf", b"stbl"):
            return box(kind, b"".join(with_record(*each) for each in inside(content)))
        return box(kind, content)

    return _rewritten(film, path, with_record)


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


def inside(content: bytes) -> list[tuple[bytes, bytes]]:
    found, at = [], 0
    while at < len(content):
        length = int.from_bytes(content[at : at + 4])
        found.append((content[at + 4 : at + 8], content[at + 8 : at + length]))
        at += length
    return found


def _rewritten(film: Path, path: Path, change: Change) -> Path:
    data = film.read_bytes()
    with film.open("rb") as file:
        movie: Box = next(each for each in boxes(file, 0, len(data)) if each.kind == b"moov")
    assert movie.end == len(data)
    tracks = b"".join(change(*each) for each in inside(data[movie.begin :]))
    path.write_bytes(data[: movie.begin - 8] + box(b"moov", tracks))
    return path


def _found(content: bytes, *kinds: bytes) -> bytes:
    for kind in kinds:
        content = next(inner for name, inner in inside(content) if name == kind)
    return content


def _scale(track: bytes) -> int:
    return int.from_bytes(_found(track, b"mdia", b"mdhd")[12:16])


def _begin(track: bytes) -> int:
    """In the track's ticks, what FFmpeg's muxer leaves out at its beginning."""
    return int.from_bytes(_found(track, b"edts", b"elst")[12:16])
