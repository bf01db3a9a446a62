"""Praat's text files, long and short: what counts are free-standing numbers, texts in quotes, and flags.

Everything else ("xmin =", "intervals [1]:") is for people (Praat's manual, "TextGrid file formats").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from woz.base.errors import WozError
from woz.formats.reading import MOST_LINE_CHARS, Reading
from woz.formats.tiers.times import whole_ns

_TOKEN = re.compile(r'"|![^"]*$|<\w+>(?=\s|$)|[^\s"]+')
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is "number", "text" or "flag"."""

    kind: str
    text: str


def _tokens(reading: Reading) -> Iterator[Token]:
    lines = reading.lines()
    for line in lines:
        place = 0
        while found := _TOKEN.search(line, place):
            place = found.end()
            if found[0] == '"':
                text, line, place = _quoted(line, place, lines, reading)
                yield Token("text", text)
            elif found[0].startswith("!"):
                break
            elif _NUMBER.fullmatch(found[0]):
                yield Token("number", found[0])
            elif found[0].startswith("<"):
                yield Token("flag", found[0])


def _quoted(line: str, place: int, lines: Iterator[str], reading: Reading) -> tuple[str, str, int]:
    """A text up to its closing quote, perhaps some lines on; a quote in it is doubled."""
    text = ""
    while True:
        end = line.find('"', place)
        if end < 0:
            text += line[place:] + "\n"
            following = next(lines, None)
            if following is None or len(text) > MOST_LINE_CHARS:
                raise WozError(f"{reading.path} is cut short: a text in it has no end; get a whole copy of it.")
            line, place = following, 0
        elif line.startswith('"', end + 1):
            text += line[place : end + 1]
            place = end + 2
        else:
            return text + line[place:end], line, end + 1


class Tokens:
    """Reads values one after the other. All raise WozError where something else stands there, or nothing."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._tokens = _tokens(reading)

    def header(self) -> None:
        """Also for what is no TextGrid at all."""
        first = [next(self._tokens, None) for _ in range(2)]
        if [token.text if token else "" for token in first] != ["ooTextFile", "TextGrid"]:
            raise WozError(
                f"{self._reading.path} is no TextGrid of Praat in text form; save it as a text file there."
            )

    def number(self) -> str:
        return self._next("number")

    def text(self) -> str:
        return self._next("text")

    def flag(self) -> str:
        return self._next("flag")

    def count(self) -> int:
        text = self.number()
        if not text.isdigit() or len(text) > 9:
            raise WozError(
                f"{self._reading.path} says {text[:40]} where the number of items should be; mend the file."
            )
        return int(text)

    def time(self) -> int:
        """In ns."""
        text = self.number()
        try:
            return whole_ns(text)
        except ValueError as error:
            raise WozError(
                f"{self._reading.path} has the time {text[:40]}, which is none; mend the file."
            ) from error

    def _next(self, kind: str) -> str:
        token = next(self._tokens, None)
        if token is None:
            raise WozError(f"{self._reading.path} is cut short; get a whole copy of it.")
        if token.kind != kind:
            raise WozError(f"{self._reading.path} has {token.text[:40]!r} where a {kind} should be; mend the file.")
        return token.text
