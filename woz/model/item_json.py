"""Items as JSON: an object of the item's fields, read back as the same value."""

from __future__ import annotations

from functools import cache
from typing import Any, cast

import msgspec

from woz.base.outside import Unsound
from woz.model.kinds import KINDS, Item

_encode = msgspec.json.Encoder().encode


def to_json(item: Item) -> str:
    """The kind is not in it: whoever keeps the text keeps the kind's name beside it."""
    return _encode(item).decode()


def from_json(kind: str, text: str | bytes) -> Item:
    """The item again. A field that the text lacks has its default, one that the kind lacks is passed over.

    Raises Unsound for a text that is no such item.
    """
    try:
        return cast(Item, _decoder(kind).decode(text))
    except (msgspec.DecodeError, KeyError) as error:
        raise Unsound(f"it is no {kind} ({error})") from error


@cache
def _decoder(kind: str) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(KINDS[kind].value)
