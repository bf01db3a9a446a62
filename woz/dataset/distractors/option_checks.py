"""What is wrong with options, by rules that a person can read: two that are one, and what tells the right one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from woz.dataset.texts import normalised, words_of

LONGER, SHORTER = 1.8, 0.5
"""The right one is given away where it is so much longer than the longest other, or shorter than the shortest."""
FEWEST_LETTERS = 12
"""Differences of length below this tell nothing."""
_PERSONS = {
    "first": r"i|i'm|i'd|i'll|i've|me|my|we|we're|our|io|mio|mia|noi|nostro|ich|meine?|wir|unser|je|mon|nous|yo|mi",
    "second": r"you|you're|you'll|your|tu|tuo|tua|voi|du|dein|deine|sie|ihr|vous|votre|ton|ta|usted|tú",
}
_PATTERNS = {name: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for name, words in _PERSONS.items()}


def same(one: str, other: str) -> bool:
    """Whether two options say the same but for case, punctuation and spaces."""
    return normalised(one) == normalised(other)


def contains(whole: str, part: str) -> bool:
    """Whether all of an option stands, word by word, within another."""
    words, within = words_of(part), words_of(whole)
    n = len(words)
    return bool(n) and n < len(within) and any(within[i : i + n] == words for i in range(len(within) - n + 1))


def clashes(option: str, others: Sequence[str]) -> str:
    """Why an option can't stand beside others; empty where it can."""
    if not words_of(option):
        return "it is empty"
    for other in others:
        if same(option, other):
            return f"it says the same as “{other}”"
        if contains(option, other) or contains(other, option):
            return f"one of it and “{other}” contains the other"
    return ""


def option_problems(answer: str, wrong: Sequence[str]) -> list[str]:
    """Everything that a person should look at, a sentence each."""
    found, options = list[str](), (answer, *wrong)
    for i, option in enumerate(options):
        if why := clashes(option, options[:i]):
            found.append(f"Option “{option}”: {why}.")
    return found + [tell for tell in (_length_tell(answer, wrong), _person_tell(answer, wrong)) if tell]


def _length_tell(answer: str, wrong: Sequence[str]) -> str:
    lengths = [len(each) for each in wrong]
    if not lengths:
        return ""
    if len(answer) > max(lengths) * LONGER and len(answer) - max(lengths) >= FEWEST_LETTERS:
        return "The right answer is far longer than every other."
    if len(answer) < min(lengths) * SHORTER and min(lengths) - len(answer) >= FEWEST_LETTERS:
        return "The right answer is far shorter than every other."
    return ""


def _person_tell(answer: str, wrong: Sequence[str]) -> str:
    for name, pattern in _PATTERNS.items():
        in_answer, in_wrong = bool(pattern.search(answer)), [bool(pattern.search(each)) for each in wrong]
        if len(wrong) > 1 and in_answer and not any(in_wrong):
            return f"Only the right answer speaks in the {name} person."
        if len(wrong) > 1 and not in_answer and all(in_wrong):
            return f"Only the right answer does not speak in the {name} person."
    return ""
