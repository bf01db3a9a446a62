"""Words that should be listened to again: the recogniser was unsure of them, or a person flagged them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from woz.annotation.edits import Edit
from woz.annotation.word_times import timed_words
from woz.base.errors import WozError
from woz.model.transcript import SPREAD, Turn, Word

UNSURE_BELOW = 0.5

Place = tuple[int, int]
"""The number of a turn, and of a word in it."""


def is_doubtful(word: Word, below: float = UNSURE_BELOW) -> bool:
    """A person's judgement counts more than the recogniser's confidence and what speaks against the word."""
    if word.doubt is not None:
        return word.doubt
    return word.flag not in ("", SPREAD) or (word.confidence is not None and word.confidence < below)


def doubtful_places(turns: Sequence[Turn], below: float = UNSURE_BELOW) -> list[Place]:
    """All doubtful words in their order."""
    return [
        (t, w)
        for t, turn in enumerate(turns)
        for w, word in enumerate(timed_words(turn) if turn.words else ())
        if is_doubtful(word, below)
    ]


def next_doubt(turns: Sequence[Turn], here: Place, direction: int = 1, below: float = UNSURE_BELOW) -> Place | None:
    """The nearest doubtful word after (1) or before (-1) a place; None where there is none."""
    places = doubtful_places(turns, below)
    if direction > 0:
        return next((place for place in places if place > here), None)
    return next((place for place in reversed(places) if place < here), None)


def judge(turn: Turn, number: int, doubt: bool | None) -> Edit:
    """Flag a word of a turn as doubtful, or settle it as right."""
    words = timed_words(turn)
    if not 0 <= number < len(words):
        raise WozError("Choose a word first.")
    changed = (*words[:number], replace(words[number], doubt=doubt), *words[number + 1 :])
    return Edit("Flag word" if doubt else "Settle word", (turn,), (replace(turn, words=changed),))
