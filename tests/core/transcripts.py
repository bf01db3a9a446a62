"""Transcripts for the tests, drawn by Hypothesis: turns with and without timed words, overlapping as they like."""

from __future__ import annotations

from hypothesis import strategies as st

from woz.annotation.words import joined, words_in
from woz.base.interval import Interval
from woz.model.ids import TranscriptId, TurnId
from woz.model.people import Role
from woz.model.transcript import Turn, Word

TEXTS = st.sampled_from(
    ["mix", "Mix", "well.", "the", "a", "“so,”", "don't", "—", "ß", "大豆", "very", "bowl", "Bowl,"]
)
TID = TranscriptId("t")


@st.composite
def turns(draw: st.DrawFn, name: str = "x", least_words: int = 0) -> Turn:
    """A turn as a recogniser makes it: words in order inside it."""
    whole = joined(draw(st.lists(TEXTS, min_size=least_words, max_size=8)))
    texts = words_in(whole)
    steps = draw(st.lists(st.integers(0, 400), min_size=2 * len(texts), max_size=2 * len(texts)))
    start = draw(st.integers(0, 5000))
    words, at = [], start + draw(st.integers(0, 100))
    for i, text in enumerate(texts):
        begin = at + steps[2 * i]
        at = begin + steps[2 * i + 1]
        confidence = draw(st.sampled_from([None, 0.2, 0.9]))
        words.append(Word(text, Interval(begin, at), confidence))
    span = Interval(start, at + draw(st.integers(0, 100)))
    said = draw(st.none() | st.just(span.shifted(700)))
    role = draw(st.sampled_from(Role))
    kept = tuple(words) if draw(st.booleans()) else ()
    confidence = draw(st.sampled_from([None, 0.5]))
    return Turn(TurnId(name), TID, role, span, whole, said, kept, confidence, checked=draw(st.booleans()))


@st.composite
def transcripts(draw: st.DrawFn) -> list[Turn]:
    made = [draw(turns(str(i))) for i in range(draw(st.integers(1, 5)))]
    return sorted(made, key=lambda turn: turn.interval)


def is_in_order(turn: Turn) -> bool:
    """Whether its words follow each other inside it."""
    edges = [turn.interval.start_ns]
    for word in turn.words:
        edges += [word.interval.start_ns, word.interval.end_ns]
    return [*edges, turn.interval.end_ns] == sorted([*edges, turn.interval.end_ns])
