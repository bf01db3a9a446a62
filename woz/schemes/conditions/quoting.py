"""Names as they stand in conditions."""

from __future__ import annotations

import re

_PLAIN = re.compile(r"[^\W_][\w./-]*")
_JOINING = ("and", "or", "not", "is", "in", "has", "under", "empty", "true", "false", "attribute", "s", "ms", "min")
_TESTING = ("label", "tier", "duration", "inside", "overlaps", "before", "step", "linked", "note")
WORDS = frozenset((*_JOINING, *_TESTING))
"""Those of the language itself."""


def quoted(name: str) -> str:
    """In quotes where it is more than one word, or a word of the language."""
    if _PLAIN.fullmatch(name) and name not in WORDS:
        return name
    return f"'{name}'" if '"' in name else f'"{name}"'
