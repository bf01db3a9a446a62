"""Whether a text repeats what somebody said, or names them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

RUN = 4
"""So many words one after another, that somebody said, are a quotation."""
FEWEST = 12
"""A whole turn shorter than this is nobody's own: “Yes.”, “Right, so.” What isn't ASCII counts twice."""


@dataclass(frozen=True, slots=True)
class Quotes:
    """What somebody said, as runs of words and as whole turns; `pseudonym` is the name that they go by."""

    runs: frozenset[str]
    wholes: frozenset[str]
    pseudonym: str

    @classmethod
    def of(cls, texts: Iterable[str], pseudonym: str) -> Quotes:
        known = [_folded(text) for text in texts]
        runs = frozenset(run for text in known for run in _runs(text))
        return cls(runs, frozenset(text for text in known if _length(text) >= FEWEST), _folded(pseudonym))

    def found_in(self, text: str) -> bool:
        if not text:
            return False
        plain = _folded(text)
        return (
            f" {self.pseudonym} " in f" {plain} "
            or any(run in self.runs for run in _runs(plain))
            or any(whole in plain for whole in self.wholes)
        )


def _length(text: str) -> int:
    return len(text) + sum(not character.isascii() for character in text)


def _folded(text: str) -> str:
    """Words alone, without case, with one space between them."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.findall(r"\w+", plain))


def _runs(plain: str) -> Iterator[str]:
    words = plain.split()
    return (" ".join(words[i : i + RUN]) for i in range(len(words) - RUN + 1))
