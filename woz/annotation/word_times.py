"""Times of a turn's words, kept through changes of its text.

A word that stays keeps its time exactly. A word put in another's place takes its time; several share the time of
those they replace, by their lengths; new ones share the gap they stand in, which may be empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from woz.annotation.words import joined, words_in
from woz.base.interval import Interval
from woz.model.transcript import Turn, Word

Opcode = tuple[str, int, int, int, int]
"""As `difflib` has it: what is done, and which old and new words it is done to."""

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
    texts = words_in(turn.text)
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
            pairs.append((words[a].text, joined(texts[c:d])))
    return pairs


def _opcodes(words: Sequence[Word], texts: Sequence[str]) -> list[Opcode]:
    """How the new text follows from the old. What is the same at both ends stays: most edits are in one place."""
    old, new = [same_key(word.text) for word in words], [same_key(text) for text in texts]
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    a, b, c, d = head, len(old) - tail, head, len(new) - tail
    within = SequenceMatcher(None, old[a:b], new[c:d], autojunk=False).get_opcodes()
    moved: list[Opcode] = [(tag, i + head, j + head, k + head, m + head) for tag, i, j, k, m in within]
    return [("equal", 0, head, 0, head), *moved, ("equal", b, len(old), d, len(new))]


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many are the same from the beginning on."""
    return next((n for n, (x, y) in enumerate(zip(one, other, strict=False)) if x != y), min(len(one), len(other)))


def _room(words: Sequence[Word], first: int, last: int, span: Interval) -> Interval:
    """The time of the words first to last (not included), or of the gap where there are none."""
    if first < last:
        start, end = words[first].interval.start_ns, words[last - 1].interval.end_ns
    else:
        start = words[first - 1].interval.end_ns if first else span.start_ns
        end = words[first].interval.start_ns if first < len(words) else span.end_ns
    return Interval(start, max(start, end))
