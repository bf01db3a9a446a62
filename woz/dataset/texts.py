"""Texts compared: what is left of them when case, accents' form, punctuation and spaces don't count."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+(?:['’\-.][^\W_]+)*")
_NO_SPACES = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")

_UNHEARD = re.compile(
    r"\b(?:unintelligible|inaudible|unverständlich|incomprensibile)\b|[\[(<*](?:unclear|xx+|\?+)[\])>*]",
    re.IGNORECASE,
)
_OPEN_END = re.compile(
    r"\b(?:the|a|an|of|to|and|or|with|into|onto|your|il|la|di|e|der|die|das|und|mit|le|les|de|et|el|los|y)\W*$",
    re.IGNORECASE,
)


def normalised(text: str) -> str:
    """Words in lower case with one space between."""
    return " ".join(words_of(text))


def words_of(text: str) -> list[str]:
    """Words in lower case; where a script has no spaces, a character is a word."""
    found = list[str]()
    for word in _WORD.findall(unicodedata.normalize("NFKC", text).casefold()):
        found += list(word) if _NO_SPACES.search(word) else [word.replace("’", "'")]
    return found


def ngrams(words: list[str], longest: int) -> list[str]:
    """All runs of one to `longest` words."""
    return [" ".join(words[i : i + n]) for n in range(1, longest + 1) for i in range(len(words) - n + 1)]


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    """What two sets share of all that is in them; 0 for two empty ones."""
    return len(one & other) / len(one | other) if one or other else 0.0


def cut_off(text: str) -> bool:
    """Whether a turn was not understood in part, or ends where more must follow."""
    return bool(_UNHEARD.search(text) or _OPEN_END.search(text))
