"""Commands that a sentence tells to type, so that they can be copied whole."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

_PLACE = re.compile(r"(\bwoz [^;\n]*? )PROJECT\b(?![/\\])")
"""In a command; PROJECT elsewhere, or in a path, may be somebody's own word."""


def quoted(word: str | Path) -> str:
    """As a shell of this system takes it for one word."""
    return f'"{word}"' if sys.platform == "win32" else shlex.quote(str(word))


def with_project(sentence: str, project: str | Path | None) -> str:
    """The sentence with this project's folder where its commands say PROJECT: who knew of none said that."""
    if project is None:
        return sentence
    return _PLACE.sub(lambda found: found[1] + quoted(project), sentence)
