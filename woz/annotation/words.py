"""Where a text's words are: between spaces; in scripts that are written without spaces each character is one.

The latter are Han, Hiragana, Katakana, and the marks that go with them, by their blocks in Unicode. It is how the
recogniser times Japanese and Chinese, too.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable

_UNSPACED = "\u3001-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uffef\U00020000-\U0002fa1f"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\s{_UNSPACED}]+")
_ALONE = re.compile(f"[{_UNSPACED}]")


def spans_of(text: str) -> list[tuple[int, int]]:
    """The words' letters: the first, and the one after the last."""
    return [found.span() for found in _WORD.finditer(text)]


def words_in(text: str) -> list[str]:
    return _WORD.findall(text)


def word_of(text: str, letter: int) -> int:
    """The number of the word that holds a letter, or is the last one before it."""
    return max(0, bisect_right(spans_of(text), letter, key=lambda span: span[0]) - 1)


def joined(texts: Iterable[str]) -> str:
    """Words or phrases as one text, with spaces where the script has them."""
    whole = ""
    for text in filter(None, texts):
        bare = not whole or (_ALONE.match(whole[-1]) and _ALONE.match(text[0]))
        whole += text if bare else f" {text}"
    return whole


def as_written(words: Iterable[str]) -> str:
    """Words that `words_in` finds in it again: a space stands between two that are written with spaces alone."""
    whole = ""
    for word in filter(None, words):
        bare = not whole or _ALONE.match(whole[-1]) or _ALONE.match(word[0])
        whole += word if bare else f" {word}"
    return whole


def each_changed(text: str, change: Callable[[str], str]) -> str:
    """The text with each word as `change` makes it."""
    return _WORD.sub(lambda found: change(found[0]), text)


def rewritten(text: str, number: int, word: str) -> str:
    """The text with another word in the place of number `number`."""
    start, end = spans_of(text)[number]
    return text[:start] + word + text[end:]
