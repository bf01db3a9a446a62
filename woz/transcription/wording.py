"""A recogniser's segments as words with times, on the track's own time."""

from __future__ import annotations

import numpy as np

from woz.transcription.attribution import WITHOUT_SPACES
from woz.transcription.engine import Plain
from woz.transcription.packing import Packing
from woz.transcription.task import Heard, Span


def words_of(segment: Plain, language: str) -> list[Heard]:
    """Words in ns of the packed sound; those without times share the segment, or the time between neighbours."""
    if not segment.get("words"):
        return _spread(segment, language)
    found: list[Heard] = []
    at = float(segment["start"])
    for i, word in enumerate(segment["words"]):
        start = max(at, float(word.get("start", at)))
        later = (float(w["start"]) for w in segment["words"][i + 1 :] if "start" in w)
        at = max(start, float(word.get("end", next(later, segment["end"]))))
        found.append(Heard(word["word"], round(start * 1e9), round(at * 1e9), word.get("score")))
    return found


def mapped(word: Heard, packing: Packing) -> Heard:
    """The word on the track's time."""
    start, end = packing.back(word.start_ns / 1e9, word.end_ns / 1e9)
    return Heard(word.text, round(start * 1e9), round(end * 1e9), word.confidence)


def span_of(segment: Plain, packing: Packing) -> Span:
    """A segment's text on the track's time."""
    pieces = packing.pieces_of(segment["start"], segment["end"])
    return Span(segment["text"].strip(), round(pieces[0][0] * 1e9), round(pieces[-1][1] * 1e9))


def _spread(segment: Plain, language: str) -> list[Heard]:
    text = segment["text"].strip()
    texts = [c for c in text if not c.isspace()] if language in WITHOUT_SPACES else text.split()
    edges = np.linspace(segment["start"], segment["end"], len(texts) + 1) * 1e9
    return [Heard(text, round(edges[i]), round(edges[i + 1])) for i, text in enumerate(texts)]
