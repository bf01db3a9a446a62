"""Which of the words that there are somebody may have meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

NEAR = 0.6
"""How alike, 0 to 1, a word must be to what was typed to be suggested for it (difflib's ratio)."""


def nearest(typed: str, known: Iterable[str]) -> str | None:
    """The word most like it, whatever their case; None where none is near."""
    by_key = {word.casefold(): word for word in known}
    found = get_close_matches(typed.casefold(), by_key, 1, NEAR)
    return by_key[found[0]] if found else None


def choices(typed: str, known: Iterable[str]) -> str:
    """The end of a sentence on a word that is none of those known: the nearest, and all."""
    words = list(known)
    near, every = nearest(typed, words), f"those are {', '.join(words)}."
    return f"did you mean {near}? {every[0].upper()}{every[1:]}" if near else every
