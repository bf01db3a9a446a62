"""How many of what, in words."""

from __future__ import annotations


def counted(number: int, one: str, several: str = "") -> str:
    """`one` with its number; `several` where it isn't one, and that is more than an s at the end."""
    return f"{number} {one if number == 1 else several or f'{one}s'}"
