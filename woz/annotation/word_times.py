"""Times of a turn's words, kept through changes of its text.

A word that stays keeps its time exactly. A word put in another's place takes its time; several share the time of
those they replace, by their lengths; new ones share the gap they stand in, which may be empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from woz.interval import Interval
from woz.session import Turn, Word

_PARTS = re.compile(r"^(\W*)(.*?)(\W*)$", re.DOTALL)


def parts(text: str) -> tuple[str, str, str]:
    """What stands before a word's letters, the letters, and what stands after: '"Well,' is '"', 'Well', ','."""
    found = _PARTS.match(text)
    return (found[1], found[2], found[3]) if found and found[2] else ("", text, "")


def same_key(text: str) -> str:
    """Equal for words that differ only in case or in marks around them."""
    return parts(text)[1].casefold()


def timed_words(turn: Turn) -> tuple[Word, ...]:
    """One timed word for each in the turn's text; where times are unknown, they are interpolated."""
    texts = turn.text.split()
    if [word.text for word in turn.words] == texts:
        return turn.words
    return retimed(turn.words, texts, turn.interval)


def retimed(words: Sequence[Word], texts: Sequence[str], span: Interval) -> tuple[Word, ...]:
    """The words of a new text, with the times of the old ones; in order, without overlap, inside the span."""
    made: list[Word] = []
    for tag, a, b, c, d in _opcodes(words, texts):
        if tag == "equal":
            made += [replace(word, text=text) for word, text in zip(words[a:b], texts[c:d], strict=True)]
        elif b - a == d - c:
            made += [Word(text, word.interval) for word, text in zip(words[a:b], texts[c:d], strict=True)]
        else:
            made += spread(texts[c:d], _room(words, a, b, span))
    return tidied(made, span)


def spread(texts: Sequence[str], span: Interval) -> tuple[Word, ...]:
    """Words over a span, each as long as its letters ask for."""
    total = sum(len(text) + 1 for text in texts)
    edges, done = [span.start_ns], 0
    for text in texts:
        done += len(text) + 1
        edges.append(span.start_ns + span.duration_ns * done // total)
    return tuple(Word(text, Interval(edges[i], edges[i + 1])) for i, text in enumerate(texts))


def tidied(words: Iterable[Word], span: Interval) -> tuple[Word, ...]:
    """The words with none before the end of the last or outside the span; those that fit stay as they are."""
    made: list[Word] = []
    at = span.start_ns
    for word in words:
        start = min(max(word.interval.start_ns, at), span.end_ns)
        at = min(max(word.interval.end_ns, start), span.end_ns)
        made.append(replace(word, interval=Interval(start, at)))
    return tuple(made)


def corrections(words: Sequence[Word], texts: Sequence[str]) -> list[tuple[str, str]]:
    """Which single words a new text puts others in the place of: pairs of old and new."""
    pairs: list[tuple[str, str]] = []
    for tag, a, b, c, d in _opcodes(words, texts):
        if tag == "replace" and b - a == d - c:
            pairs += zip((word.text for word in words[a:b]), texts[c:d], strict=True)
        elif tag == "replace" and b - a == 1:
            pairs.append((words[a].text, " ".join(texts[c:d])))
    return pairs


def _opcodes(words: Sequence[Word], texts: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    old, new = [same_key(word.text) for word in words], [same_key(text) for text in texts]
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def _room(words: Sequence[Word], first: int, last: int, span: Interval) -> Interval:
    """The time of the words first to last (not included), or of the gap where there are none."""
    if first < last:
        start, end = words[first].interval.start_ns, words[last - 1].interval.end_ns
    else:
        start = words[first - 1].interval.end_ns if first else span.start_ns
        end = words[first].interval.start_ns if first < len(words) else span.end_ns
    return Interval(start, max(start, end))
