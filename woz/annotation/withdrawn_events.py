"""What of a session's journal a withdrawal takes away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from woz.annotation.withdrawn import Scope, Words
from woz.model.events import Event, EventKind

_THEIR_WORDS = frozenset(
    {EventKind.NOTE, EventKind.CORRECTION, EventKind.CUE, EventKind.STROKE, EventKind.SNAPSHOT}
)
"""What somebody writes, draws or chooses to say. Steps and the like are marks of the procedure, and stay."""
_FREE = _THEIR_WORDS | {EventKind.MISTAKE, EventKind.CONSENT}
"""What holds free text, in which anybody may be quoted, or a pseudonym."""


def event_goes(event: Event, scope: Scope, words: Words) -> bool:
    """Whether it is the person's own, or repeats or names them."""
    if scope.whole or (event.kind in _THEIR_WORDS and event.by in scope.roles):
        return True
    return event.kind in _FREE and any(words.quotes.found_in(text) for text in _texts(event.data))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
