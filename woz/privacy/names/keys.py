"""Keys and ids that people chose: nothing replaces names in them, since files refer to each other by them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

KEYS = frozenset({"id", "key", "global_id"})


def keys_in(value: object) -> Iterator[str]:
    """Of a scheme or a procedure, and of all in it."""
    if isinstance(value, tuple):
        for each in value:
            yield from keys_in(each)
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            inside = getattr(value, one.name)
            if not isinstance(inside, str):
                yield from keys_in(inside)
            elif one.name in KEYS and inside:
                yield inside
