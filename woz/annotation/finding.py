"""Find and replace in a transcript, and the correction of all words that are alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from woz.annotation.edits import Edit
from woz.annotation.transcript_edits import with_text
from woz.annotation.word_times import parts, same_key
from woz.annotation.words import each_changed, words_in
from woz.base.errors import WozError
from woz.model.ids import TurnId
from woz.model.transcript import Turn


@dataclass(frozen=True, slots=True)
class Search:
    text: str
    whole_words: bool = False
    match_case: bool = False
    regex: bool = False

    def pattern(self) -> re.Pattern[str]:
        """Raises WozError where there is nothing to find, or the regular expression is none."""
        if not self.text:
            raise WozError("Type what to find first.")
        inner = self.text if self.regex else re.escape(self.text)
        whole = rf"(?<!\w)(?:{inner})(?!\w)" if self.whole_words else inner
        try:
            return re.compile(whole, 0 if self.match_case else re.IGNORECASE)
        except re.error as error:
            raise WozError(f"This regular expression can't be read: {error}.") from error


@dataclass(frozen=True, slots=True)
class Match:
    """Letters `start` to `end` (not included) of a turn's text."""

    turn_id: TurnId
    start: int
    end: int


def find(turns: Iterable[Turn], search: Search) -> list[Match]:
    """All places in their order."""
    pattern = search.pattern()
    return [
        Match(turn.id, found.start(), found.end())
        for turn in turns
        for found in pattern.finditer(turn.text)
        if found.group()
    ]


def replace_one(turn: Turn, match: Match, search: Search, replacement: str) -> Edit:
    """Replace one of the places found."""
    found = search.pattern().match(turn.text, match.start)
    if found is None or found.end() != match.end:
        raise WozError("The text has changed here meanwhile; search again.")
    new = _filled(search, replacement)(found)
    return Edit("Replace", (turn,), (with_text(turn, turn.text[: match.start] + new + turn.text[match.end :]),))


def replace_all(turns: Sequence[Turn], search: Search, replacement: str) -> Edit:
    """Replace at all places, as one edit; an empty one where nothing is found."""
    pattern, fill = search.pattern(), _filled(search, replacement)
    return _rewritten("Replace all", turns, lambda text: pattern.sub(lambda m: fill(m) if m.group() else "", text))


def alike(turns: Iterable[Turn], word: str) -> int:
    """How often a word is said, in whatever case and with whatever marks around it."""
    key = same_key(word)
    return sum(same_key(text) == key for turn in turns for text in words_in(turn.text))


def fix_alike(turns: Sequence[Turn], old: str, new: str) -> Edit:
    """Correct a word wherever it is said; a capital and the marks around it stay as they are at each place."""
    key, core = same_key(old), parts(new)[1]
    if not core.strip():
        raise WozError("Type the right word first.")

    def fixed(text: str) -> str:
        return each_changed(text, lambda word: _like(word, core) if same_key(word) == key else word)

    return _rewritten("Fix all alike", turns, fixed)


def _like(word: str, core: str) -> str:
    before, old, after = parts(word)
    capital = old[:1].isupper() and not core[:1].isupper()
    return before + (core[:1].upper() + core[1:] if capital else core) + after


def _rewritten(name: str, turns: Sequence[Turn], change: Callable[[str], str]) -> Edit:
    pairs = [(turn, new) for turn in turns if (new := change(turn.text)) != turn.text]
    return Edit(name, tuple(turn for turn, _ in pairs), tuple(with_text(turn, new) for turn, new in pairs))


def _filled(search: Search, replacement: str) -> Callable[[re.Match[str]], str]:
    if not search.regex:
        return lambda _: replacement

    def fill(found: re.Match[str]) -> str:
        try:
            return found.expand(replacement)
        except (re.error, IndexError) as error:
            raise WozError(f"The replacement can't be read: {error}.") from error

    return fill
