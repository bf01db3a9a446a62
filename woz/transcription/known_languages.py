"""Which languages a Whisper model knows, by its tokenizer's file, and what is said of one that it doesn't."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from woz.base.errors import WozError
from woz.base.outside import read_file

LANGUAGE = re.compile(r"<\|([a-z]{2,3})\|>")
"""The token of a language; those of anything else are longer."""


@dataclass(frozen=True, slots=True)
class _Token:
    content: str


@dataclass(frozen=True, slots=True)
class _Tokenizer:
    added_tokens: tuple[_Token, ...] = ()


def languages_of(folder: Path) -> frozenset[str]:
    """By code; empty where the file doesn't tell."""
    try:
        tokens = read_file(folder / "tokenizer.json", _Tokenizer).added_tokens
    except (OSError, ValueError):
        return frozenset()
    return frozenset(found[1] for token in tokens if (found := LANGUAGE.fullmatch(token.content)))


def not_known(language: str) -> WozError:
    return WozError(
        f"This model has no language “{language}”; name one by its code, as en, it or de, or leave it out to have "
        "it found."
    )
