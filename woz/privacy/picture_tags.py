"""What a picture's file says beside the picture: Exif, comments, texts.

JPEG's marker segments by ITU-T T.81, B.1.1; PNG's chunks by ISO/IEC 15948, 5.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

JPEG = frozenset({".jpg", ".jpeg"})
PNG = frozenset({".png"})
_SOI, _SOS, _EOI, _COMMENT = 0xD8, 0xDA, 0xD9, 0xFE
_APPLICATION = range(0xE1, 0xF0)
"""Of programs; the one before them, JFIF's, says how large a pixel is."""
_ALONE = (0x01, *range(0xD0, 0xD8))
"""Markers that no length follows."""
_CALLED = {0xE1: "Exif or XMP", 0xE2: "a colour profile", 0xED: "IPTC", _COMMENT: "a comment"}
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_TEXTS = {b"tEXt": "a text", b"zTXt": "a text", b"iTXt": "a text", b"eXIf": "Exif", b"tIME": "a time"}
_WIDE = re.compile(rb"(?:[^\x00]\x00){2,}[^\x00]?")
_WORDS = re.compile(r"[^\x00-\x1f\x7f�]{3,}")


def of_jpeg(path: Path) -> list[tuple[str, str]]:
    """What each segment is called that is not the picture's own, with the texts in it.

    Raises ValueError for what is no JPEG, OSError where it can't be read.
    """
    with path.open("rb") as file:
        if file.read(2) != bytes((0xFF, _SOI)):
            raise ValueError("it is no JPEG")
        return list(_segments(file))


def _segments(file: BinaryIO) -> Iterator[tuple[str, str]]:
    while True:
        head = file.read(2)
        if len(head) < 2 or head[0] != 0xFF:
            raise ValueError("it is no whole JPEG")
        marker = head[1]
        if marker in (_SOS, _EOI):
            return
        if marker == 0xFF:
            file.seek(-1, 1)
        elif marker not in _ALONE:
            content = file.read(max(0, int.from_bytes(file.read(2)) - 2))
            if marker == _COMMENT or marker in _APPLICATION:
                yield _CALLED.get(marker, f"a segment of a program (APP{marker - 0xE0})"), _text(content)


def of_png(path: Path) -> list[tuple[str, str]]:
    """As `of_jpeg`, of a PNG's chunks."""
    found = []
    with path.open("rb") as file:
        if file.read(len(_SIGNATURE)) != _SIGNATURE:
            raise ValueError("it is no PNG")
        while len(head := file.read(8)) == 8:
            length, kind = int.from_bytes(head[:4]), head[4:]
            if kind in _TEXTS:
                found.append((_TEXTS[kind], _text(file.read(length))))
                length = 0
            file.seek(length + 4, 1)
    return found


def _text(content: bytes) -> str:
    """What can be read in bytes, as UTF-8 and as UTF-16."""
    wide = b"\n".join(_WIDE.findall(content)).replace(b"\x00", b"")
    found = _WORDS.findall(f"{content.decode('utf-8', 'replace')}\n{wide.decode('latin-1')}")
    return " ".join(dict.fromkeys(found))
