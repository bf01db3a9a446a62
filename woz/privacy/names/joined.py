"""Names as files and fields are called by them: joined (AnnaMeier, anna_meier), in another order, with digits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import permutations

from woz.privacy.names.listing import Name, NameList, folded
from woz.privacy.names.matching import SHORT, matches

ANY_ORDER = 3
"""Names of so many words are looked for in every order of them, longer ones also with the last word first."""
MOST_PIECES = 6
"""Of a name, where a small letter meets a capital or a digit: McDonald has two."""
_MADE = re.compile(
    r"(?<![^\W_])(?:\d{8}-\d{6}-[0-9a-f]{4}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{12,}|\d{5,})"
    r"(?![^\W_])"
)
"""Ids, hashes and long numbers: letters among their digits are no names. Without them the thousands of files of a
release are called alike, and are looked at once."""
_JOINED = re.compile(r"[^\W_]_[^\W_]")
_WORD = re.compile(r"[^\W_](?:[^\W_]|['’])*")


class JoinedNames:
    """The names of a list, to be looked for where words are joined."""

    def __init__(self, names: NameList) -> None:
        others = (replace(name, text=" ".join(order)) for name in names.names for order in _orders(name)[1:])
        self._ordered = replace(names, names=(*names.names, *others))
        whole = {together(" ".join(order)) for name in names.names for order in _orders(name)}
        decided = {together(form): name for form, name in names.forms.items()}
        self._whole = frozenset(form for form in whole | decided.keys() if decided.get(form, form))
        self._known = dict[str, tuple[str, ...]]()

    def in_file_name(self, name: str) -> tuple[str, ...]:
        """The forms in a file's name, or in its path below a folder. Only where no name stands in it as it is on
        the list are those told that are like one.
        """
        plain = _MADE.sub(" ", name).replace("_", " ")
        if plain not in self._known:
            found = [*self._in_word(plain)]
            for text in (_parted(plain), plain):
                found = found or [each.form for each in matches(text, self._ordered) if each.name]
            self._known[plain] = tuple(dict.fromkeys(found))
        return self._known[plain]

    def in_text(self, text: str) -> tuple[str, ...]:
        """The forms in those words of a text that are joined; none that are only like a name."""
        words = re.findall(r"\w+", _MADE.sub(" ", text))
        return tuple(dict.fromkeys(form for word in words if _put_together(word) for form in self._in_word(word)))

    def _in_word(self, text: str) -> Iterator[str]:
        """Pieces beside each other that make a name, with nothing left over of a piece."""
        pieces = _WORD.findall(_parted(text))
        plain = [together(piece) for piece in pieces]
        for first in range(len(pieces)):
            for last in range(first + 1, min(len(pieces), first + MOST_PIECES) + 1):
                form = "".join(plain[first:last])
                if form in self._whole and (last == first + 1 or len(form) > SHORT):
                    yield " ".join(pieces[first:last])


def together(form: str) -> str:
    """Its letters and digits alone, as they are compared."""
    return re.sub(r"[ '’]", "", folded(form))


def _orders(name: Name) -> list[tuple[str, ...]]:
    """Of a name's words, as they stand on the list first."""
    words = tuple(folded(name.text).split())
    if len(words) <= ANY_ORDER:
        return list(dict.fromkeys(permutations(words)))
    return [words, (words[-1], *words[:-1])]


@lru_cache(maxsize=100_000)
def _put_together(word: str) -> bool:
    """As a file's name may be."""
    return _JOINED.search(word) is not None or " " in _parted(word)


def _parted(text: str) -> str:
    """With a space where a small letter, or one without case, meets a capital, letters meet digits, or capitals end
    before a word.
    """
    made = ""
    for before, each, after in zip(f" {text}", text, f"{text[1:]} ", strict=False):
        capital = each.istitle() and before.isalpha() and (not before.isupper() or after.islower())
        number = before.isalnum() and each.isalnum() and before.isdigit() != each.isdigit()
        made += f" {each}" if capital or number else each
    return made
