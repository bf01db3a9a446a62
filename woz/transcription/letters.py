"""Times of what a recogniser says, letter by letter, as times of words."""

from __future__ import annotations

from collections.abc import Sequence

from woz.annotation.words import spans_of
from woz.transcription.engine import Plain

Said = tuple[str, float, float, float]
"""A part of a text as its tokens give it, its start and end in seconds, its probability."""


def timed_text(text: str, said: Sequence[Said]) -> list[Plain]:
    """The text's words: word, start, end, score; empty where the parts don't make up the text.

    A word is said from its first letter to its last; the marks around it take no time.
    """
    letters = [letter for part in said for letter in _letters(part)]
    if not said or "".join(letter[0] for letter in letters) != text:
        return []
    return [_word(text[first:last], letters[first:last]) for first, last in spans_of(text)]


def _letters(part: Said) -> list[Said]:
    """The letters share the part's time; spaces and marks lie at an edge of it."""
    text, start, end, score = part
    spoken = sum(c.isalnum() for c in text) or 1
    found, done = list[Said](), 0
    for c in text:
        before, done = done, done + c.isalnum()
        found.append((c, start + (end - start) * before / spoken, start + (end - start) * done / spoken, score))
    return found


def _word(text: str, letters: Sequence[Said]) -> Plain:
    spoken = [letter for letter in letters if letter[0].isalnum()] or list(letters)
    score = sum(letter[3] for letter in spoken) / len(spoken)
    return {"word": text, "start": spoken[0][1], "end": spoken[-1][2], "score": score}
