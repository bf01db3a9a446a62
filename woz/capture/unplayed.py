"""What a film may ask of its player that FFmpeg doesn't do: pauses, other speeds, colours of Dolby Vision alone.

Edit lists by ISO/IEC 14496-12, 8.6.6: parts in any order, and a delay before them, are read as they are meant from
the beginning on; no time of several parts can be sought. Where pictures are stored in another order than they are
shown in (B-frames; 8.6.1.3), FFmpeg moves later parts by some pictures, and loses pictures of HEVC whose groups are
open. The record of Dolby Vision by Dolby's "Dolby Vision Streams Within the ISO Base Media File Format", 3.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from struct import iter_unpack
from typing import BinaryIO

from woz.base.commands import quoted
from woz.base.errors import WozError
from woz.base.mp4_boxes import SUFFIXES, Box, boxes, boxes_of, content, within

PICTURES, SOUND = b"vide", b"soun"
"""Handlers of tracks that are read."""
SAMPLE_ENTRY = 78
"""Bytes of a visual sample entry before the boxes in it."""
RECORDS = (b"dvcC", b"dvvC", b"dvwC")
NOTHING = -1
"""The media time of a part that shows nothing."""
NORMAL = 1 << 16


@dataclass(frozen=True, slots=True)
class Part:
    """`length` in the film's ticks, `begin` in the track's, -1 where nothing is shown; `speed` in 65536ths."""

    length: int
    begin: int
    speed: int


def demand_playable(path: Path) -> None:
    """Raises WozError for a film that would be read otherwise than it is meant, OSError for none."""
    with _tracks(path, PICTURES, SOUND) as (file, tracks):
        _demand_even(path, file, tracks)
        for track in tracks:
            if (profile := own_colours(file, track)) is not None:
                raise WozError(
                    f"{path} is Dolby Vision of profile {profile}, whose colours only players of Dolby Vision know;"
                    " export it as SDR, HLG or HDR10 where it was made, or switch Dolby Vision off there."
                )
            count = len(_shown(file, track))
            if count > 1 and is_reordered(file, track):
                raise WozError(
                    f"{path} is put together of {count} parts by its edit list, and its pictures are stored in"
                    " another order than they are shown in, so that parts come late or lose pictures; export it as"
                    " a new film where it was cut."
                )


def demand_audible(path: Path) -> None:
    """The same of a sound, be it that of a film."""
    with _tracks(path, SOUND) as (file, tracks):
        _demand_even(path, file, tracks)


def _demand_even(path: Path, file: BinaryIO, tracks: list[Box]) -> None:
    if any(_is_odd(list(parts_of(file, track))) for track in tracks):
        raise WozError(
            f"{path} is cut with pauses, or plays parts slower or faster than they were recorded, which no"
            " program but the one that cut it shows; export it there as a new film."
        )


def demand_one_part(path: Path) -> None:
    """Raises WozError for a film of several parts, whose frames can't be sought by their times."""
    if why := parts_objection(path, path.name):
        raise WozError(f"{why}, and import that.")


def kept_parts_objection(path: Path) -> str:
    """What is said of a further view of several parts that an older woz took in; empty for another film.

    Raises OSError for one that can't be read.
    """
    why = parts_objection(path, str(path))
    return f"{why}, and import that as a view of another name." if why else ""


def parts_objection(path: Path, called: str) -> str:
    """Why a film's frames can't be sought by their times, and how to make one film of it; empty where they can."""
    with _tracks(path, PICTURES, SOUND) as (file, tracks):
        count = max((len(_shown(file, track)) for track in tracks), default=0)
    if count < 2:
        return ""
    return (
        f"{called} is put together of {count} parts by its edit list, so that no program finds its frames by their"
        f" times; make one film of it with ffmpeg -i {quoted(called)} -c:v libx264 -crf 16 -c:a aac"
        f" {quoted(f'{path.stem}-whole.mp4')}"
    )


@contextmanager
def _tracks(path: Path, *handlers: bytes) -> Iterator[tuple[BinaryIO, list[Box]]]:
    """The boxes of the tracks of such handlers; none in a film that is no MP4."""
    movies = [box for box in boxes_of(path) if box.kind == b"moov"] if path.suffix.lower() in SUFFIXES else []
    with path.open("rb") as file:
        found = [track for movie in movies for track in within(file, movie, b"trak")]
        yield file, [track for track in found if _handler(file, track) in handlers]


def _handler(file: BinaryIO, track: Box) -> bytes:
    return next((content(file, box)[8:12] for box in within(file, track, b"mdia", b"hdlr")), b"")


def _shown(file: BinaryIO, track: Box) -> list[Part]:
    return [part for part in parts_of(file, track) if part.begin != NOTHING]


def parts_of(file: BinaryIO, track: Box) -> Iterator[Part]:
    """Of a track's edit list, in the order in which they are shown."""
    for box in within(file, track, b"edts", b"elst"):
        found = content(file, box)
        form = ">Qqi" if found[:1] == b"\x01" else ">Iii"
        size = 20 if found[:1] == b"\x01" else 12
        count = min(int.from_bytes(found[4:8]), (len(found) - 8) // size)
        yield from (Part(*each) for each in iter_unpack(form, found[8 : 8 + count * size]))


def _is_odd(parts: list[Part]) -> bool:
    """One part alone whose speed is 0 was written by mistake, and is shown all the same."""
    while parts and parts[0].begin == NOTHING:
        parts = parts[1:]
    if len(parts) == 1 and parts[0].speed == 0:
        return False
    return any(each.begin == NOTHING or each.speed != NORMAL for each in parts)


def is_reordered(file: BinaryIO, track: Box) -> bool:
    """Whether pictures are shown by different times after they are decoded."""
    tables = [content(file, box)[8:] for box in within(file, track, b"mdia", b"minf", b"stbl", b"ctts")]
    return any(len({later for _, later in iter_unpack(">II", each[: len(each) // 8 * 8])}) > 1 for each in tables)


def own_colours(file: BinaryIO, track: Box) -> int | None:
    """The profile of a track of Dolby Vision whose pictures are in no other standard's colours; None for others."""
    for table in within(file, track, b"mdia", b"minf", b"stbl", b"stsd"):
        for entry in list(boxes(file, table.begin + 8, table.end)):
            for box in list(boxes(file, entry.begin + SAMPLE_ENTRY, entry.end)):
                record = content(file, box) if box.kind in RECORDS else b""
                if len(record) > 4 and record[4] >> 4 == 0:
                    return record[2] >> 1
    return None
