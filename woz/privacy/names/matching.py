"""Finds the names of a list in a text: written as they are, and as a recogniser or a typist may write them.

Likeness is the normalised indel similarity of rapidfuzz (0 to 1). A name is looked for in as many words as it has,
and in one more, since recognisers split names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from woz.privacy.names.listing import Name, NameList, folded

LEAST = 0.8
"""How like a name a form is that is taken for it."""
SHORT = 3
"""Names of so many letters are found only as they are written."""
_WORDS = re.compile(r"[\w'’]+")


@dataclass(frozen=True, slots=True)
class Match:
    """The characters from `start` to `end` are a name; `name` is None where a recogniser alone says so."""

    start: int
    end: int
    form: str
    name: Name | None
    likeness: float
    decided: bool


def matches(text: str, names: NameList) -> list[Match]:
    """In the order of the text, none over another: the likest first, then the longest. Forms that stay are left."""
    found = [*_by_words(text, names), *_without_spaces(text, names)]
    found.sort(key=lambda each: (-each.likeness, each.start - each.end, each.start))
    taken = list[Match]()
    for each in found:
        if all(each.end <= other.start or each.start >= other.end for other in taken):
            taken.append(each)
    return sorted((each for each in taken if each.name or not each.decided), key=lambda each: each.start)


def _by_words(text: str, names: NameList) -> Iterator[Match]:
    words = [found.span() for found in _WORDS.finditer(text)]
    lengths = {len(folded(name.text).split()) + more for name in names.names for more in (0, 1)}
    lengths |= {len(form.split()) for form in (*names.forms, *names.proposed)}
    for i in range(len(words)):
        for length in lengths:
            if i + length <= len(words):
                start, end = words[i][0], words[i + length - 1][1]
                if found := _judged(text[start:end], names):
                    yield Match(start, end, text[start:end], *found)


def _judged(form: str, names: NameList) -> tuple[Name | None, float, bool] | None:
    """The name that a form is, how like it is, and whether people said so (without a name: that it stays).

    None for what nothing is known of.
    """
    plain = folded(form)
    if plain in names.forms:
        name = names.forms[plain]
        return names.named(name) if name else None, 1.0, True
    best = max(
        ((_likeness(plain, name.text), name) for name in names.names), key=lambda each: each[0], default=None
    )
    if best and best[0] >= LEAST:
        return best[1], best[0], best[0] == 1.0
    return (None, 0.0, False) if plain in names.proposed else None


@lru_cache(maxsize=100_000)
def _likeness(plain: str, name: str) -> float:
    wanted = folded(name)
    if plain == wanted:
        return 1.0
    joined = plain.replace(" ", "")
    if len(wanted.replace(" ", "")) <= SHORT or joined[:1] != wanted[:1]:
        return 0.0
    return min(0.99, fuzz.ratio(joined, wanted.replace(" ", "")) / 100)


def _without_spaces(text: str, names: NameList) -> Iterator[Match]:
    """Names in scripts that part no words: wherever their characters stand."""
    for name in names.names:
        if any(ord(character) > 0x2E7F for character in name.text):
            for found in re.finditer(re.escape(name.text), text):
                yield Match(*found.span(), name.text, name, 1.0, True)
