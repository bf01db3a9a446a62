"""JSON in pieces: lists and objects may be iterators, which are written as they come."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any


def json_pieces(value: Any, indent: int = 0) -> Iterator[str]:
    """A text with a line for each value down to `indent` levels, without its last line end.

    An iterator of pairs is no object: give a dict of iterators.
    """
    if isinstance(value, Mapping) and value and indent:
        named = ((json.dumps(str(key), ensure_ascii=False) + ": ", each) for key, each in value.items())
        yield from _lines(named, "{}", indent)
    elif isinstance(value, Iterator) or (isinstance(value, list) and value and indent):
        yield from _lines((("", each) for each in value), "[]", indent)
    else:
        yield json.dumps(value, ensure_ascii=False)


def _lines(values: Iterable[tuple[str, Any]], brackets: str, indent: int) -> Iterator[str]:
    before = brackets[0] + "\n"
    for name, value in values:
        yield before + name
        yield from json_pieces(value, max(0, indent - 1))
        before = ",\n"
    yield brackets if before[0] == brackets[0] else "\n" + brackets[1]
