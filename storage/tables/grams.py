"""Text as its parts of three characters, so that parts of words are found in any language.

All is kept and compared folded: without case, width and accents, its punctuation as a space. Text is padded so that
each one and each two of its characters begin a part. Why: docs/decisions/0019-search.md.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

SIZE = 3
_SPACE = "_"
_ACCENTS = range(0x300, 0x370)
"""Those of Latin, Greek and Cyrillic: the dots of kana, and vowel signs, make another word."""


class _Kept(dict[int, int | None]):
    """A table for str.translate: letters, digits and their marks stay, all else becomes a space."""

    def __missing__(self, code: int) -> int | None:
        kept = code if unicodedata.category(chr(code))[0] in "LNM" else ord(" ")
        self[code] = None if code in _ACCENTS else kept
        return self[code]


_kept = _Kept()


def folded(text: str) -> str:
    """As it is compared: words with one space between them."""
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_kept)
    return " ".join(unicodedata.normalize("NFKC", plain).split())


def grams(text: str) -> str:
    """The parts, in their order, with a space between them; empty where there is no letter."""
    words = folded(text)
    return " ".join(_parts(f"_{words.replace(' ', _SPACE)}__")) if words else ""


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for in such parts: all of `parts`, and `run` within them with a space before them.

    Where `begins`, the only part is the beginning of one.
    """

    parts: tuple[str, ...]
    run: str
    begins: bool


def sought(term: str) -> Sought | None:
    """None for a term without a letter."""
    words = folded(term).replace(" ", _SPACE)
    if not words:
        return None
    if len(words) < SIZE:
        return Sought((words,), f" {words}", True)
    parts = _parts(words)
    return Sought(tuple(dict.fromkeys(parts)), " ".join(parts), False)


def _parts(run: str) -> list[str]:
    return [run[i : i + SIZE] for i in range(len(run) - SIZE + 1)]
