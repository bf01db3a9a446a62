"""How much a text repeats itself, alike in every script."""

from __future__ import annotations

import zlib
from unicodedata import east_asian_width


def repetition(text: str) -> float:
    """How many times shorter zlib makes it; 0 where there is none.

    As compression_ratio of OpenAI's whisper/utils.py, but a letter is one byte, as English has them. In UTF-8 those
    of other scripts have two or three, of which the first ones are alike: what is said in Georgian shrinks as an
    English circle does. A sign of Chinese, Japanese or Korean has its three, since it stands for a syllable.
    """
    if not text:
        return 0.0
    data = b"".join(map(_bytes, text))
    return len(data) / len(zlib.compress(data))


def _bytes(letter: str) -> bytes:
    return letter.encode() if east_asian_width(letter) == "W" else bytes([ord(letter) & 0xFF])
