"""Values of attributes as cells of a table, read back as the same values.

A value stands as it is: true, 3, 0.5, text. A text that would be read as another kind stands in quotes, as JSON has
it; several values, and those with a text or a place of their own, are a JSON list of {"value", "note", "place"}.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence

from woz.model.annotation import Attribute, Value
from woz.model.item import ItemRef

_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
MOST_WHOLE = 2**62


def cell_of(values: Sequence[Attribute]) -> str:
    """Of one attribute; empty where there is none."""
    if not values:
        return ""
    (first, *others) = values
    if others or first.note or first.place or isinstance(first.value, ItemRef):
        return _json([_facts(each) for each in values])
    return _plain(first.value)


def _plain(value: Value) -> str:
    if not isinstance(value, str):
        return _json(value)
    return value if value and _read(value) == value else _json(value)


def _facts(attribute: Attribute) -> dict[str, object]:
    value = attribute.value
    facts: dict[str, object] = {
        "value": {"kind": value.kind, "id": value.id} if isinstance(value, ItemRef) else value
    }
    return facts | {name: text for name in ("note", "place") if (text := getattr(attribute, name))}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def values_of(key: str, cell: str) -> tuple[Attribute, ...]:
    """The values of an attribute; whatever stands in the cell is one, as a text where it is nothing else."""
    if not cell:
        return ()
    read = _read(cell)
    if not isinstance(read, list):
        return (Attribute(key, read),)
    return tuple(Attribute(key, _value(each["value"]), *_texts(each)) for each in read)


def scalar_of(cell: str) -> Value:
    """A truth, a number, or the text."""
    if cell in _WORDS:
        return _WORDS[cell]
    return _number(cell) if _NUMBER.fullmatch(cell) else cell


def _read(cell: str) -> Value | list[dict[str, object]]:
    if cell[0] == '"':
        text = _from_json(cell)
        return text if isinstance(text, str) else cell
    if cell[0] == "[":
        found = _from_json(cell)
        return found if isinstance(found, list) and found and all(map(_is_value, found)) else cell
    return scalar_of(cell)


def _from_json(cell: str) -> object:
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        return None


def _number(cell: str) -> Value:
    """As a text where it is beyond all measure."""
    value = float(cell) if set(cell) & set(".eE") else int(cell) if len(cell) < 20 else math.inf
    return value if math.isfinite(value) and (isinstance(value, float) or abs(value) <= MOST_WHOLE) else cell


def _is_value(each: object) -> bool:
    if not isinstance(each, dict) or "value" not in each or not each.keys() <= {"value", "note", "place"}:
        return False
    value = each["value"]
    if isinstance(value, dict):
        return value.keys() == {"kind", "id"} and all(isinstance(part, str) for part in value.values())
    return value is None or isinstance(value, bool | str) or (math.isfinite(value) and abs(value) <= MOST_WHOLE)


def _value(value: object) -> Value:
    if isinstance(value, dict):
        return ItemRef(value["kind"], value["id"])
    assert value is None or isinstance(value, bool | int | float | str)
    return value


def _texts(each: dict[str, object]) -> tuple[str, str]:
    return str(each.get("note", "")), str(each.get("place", ""))
