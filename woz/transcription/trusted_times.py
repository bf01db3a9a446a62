"""Whose times a segment's words have: the aligner's, unless they lie far from where the recogniser heard them.

An aligner that doesn't know what is said, one of another language, say, lays words anywhere, and doesn't tell. A
recogniser's attention is less exact, but seldom far off.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from statistics import median

from woz.transcription.engine import Plain

FAR_S = 0.5
"""Where half of a segment's words end further off, the aligner doesn't know what is said; half of the recogniser's
own words begin within 0.1 s of their place.
"""
LEAST_COMPARED = 2
"""Of fewer words nothing can be said."""
ROUNDED_S = 0.001
"""An aligner's times are rounded by as much at most."""


def by_segment(segments: Sequence[Plain], aligned: Sequence[Plain]) -> list[list[Plain]]:
    """An aligner's sentences by the segment that they are of."""
    starts = [segment["start"] for segment in segments]
    found: list[list[Plain]] = [[] for _ in segments]
    for sentence in aligned:
        found[max(0, bisect_right(starts, sentence["start"] + ROUNDED_S) - 1)].append(sentence)
    return found


def lie_far(segment: Plain, sentences: Sequence[Plain]) -> bool:
    """Whether the aligner's words of a segment lie far from the recogniser's own; without these it isn't known.

    By where they end: after a pause a recogniser's word begins too early. The last word may take the silence after
    it for its own, and isn't compared.
    """
    own = _ends((segment.get("words") or [])[:-1])
    theirs = _ends([word for sentence in sentences for word in sentence["words"]])
    apart = [abs(end - theirs[letters]) for letters, end in own.items() if letters in theirs]
    return len(apart) >= LEAST_COMPARED and median(apart) > FAR_S


def _ends(words: Sequence[Plain]) -> dict[int, float]:
    """When so many letters of the text have been said, as far as it is known; words may be parted otherwise."""
    letters = accumulate(len(word["word"]) for word in words)
    return {count: float(word["end"]) for count, word in zip(letters, words, strict=True) if "end" in word}
