"""What else an annotation holds, as named texts: for formats whose annotations are one text each.

The names are `note`, `confidence`, `origin`, and for an attribute `@KEY`, its second value `@KEY#2`, and so on;
`.note` and `.place` follow for what stands beside a value. A text is the value as it is, and JSON where it is
no text, or could be taken for JSON.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from urllib.parse import quote, unquote

from woz.model.annotation import Annotation, Attribute, Value
from woz.model.item import ItemRef
from woz.model.origin import Origin

NOTE, CONFIDENCE, ORIGIN = "note", "confidence", "origin"
END_BEFORE_START = "end_before_start_s"
"""The key of an attribute: where the end lies that a file has before the start; the annotation is a point."""
YES = "yes"
_ATTRIBUTE = re.compile(r"@([^#.]*)(?:#(\d{1,9}))?(?:\.(note|place))?")
_PLAIN = " !\"$&'()*+,/:;<=>?@[\\]^`{|}"
_MOST = 2**62


def values_of(annotation: Annotation, origin: Origin, without: Iterable[str] = ()) -> Iterator[tuple[str, str]]:
    """`origin` is the tier's, which need not be said again; attributes with keys in `without` are left out."""
    if annotation.note:
        yield NOTE, annotation.note
    if annotation.confidence is not None:
        yield CONFIDENCE, repr(annotation.confidence)
    if annotation.made.origin != origin:
        yield ORIGIN, annotation.made.origin
    seen = Counter[str]()
    for each in annotation.attributes:
        if each.key not in without:
            seen[each.key] += 1
            yield from _attribute(each, seen[each.key])


def _attribute(each: Attribute, number: int) -> Iterator[tuple[str, str]]:
    name = "@" + quote(each.key, safe=_PLAIN).replace(".", "%2E") + (f"#{number}" if number > 1 else "")
    yield name, text_of(each.value)
    if each.note:
        yield f"{name}.note", each.note
    if each.place:
        yield f"{name}.place", each.place


def attributes_from(values: Iterable[tuple[str, str]]) -> tuple[Attribute, ...]:
    """What `values_of` gave, and anything else that is named like it; other names are passed over."""
    found: dict[tuple[str, int], dict[str, str]] = {}
    for name, text in values:
        match = _ATTRIBUTE.fullmatch(name)
        if match:
            place = (unquote(match[1]), int(match[2] or 1))
            found.setdefault(place, {})[match[3] or "value"] = text
    order = {key: place for place, (key, _) in reversed(list(enumerate(found)))}
    return tuple(
        Attribute(
            key,
            value_from(texts["value"]) if "value" in texts else None,
            texts.get("note", ""),
            texts.get("place", ""),
        )
        for (key, _), texts in sorted(found.items(), key=lambda each: (order[each[0][0]], each[0][1]))
    )


def doubt_text(why: str) -> str:
    """A doubt with its reason, which may be empty; in quotes where it could be taken for one without a reason."""
    return json.dumps(why, ensure_ascii=False) if why == YES or why.startswith('"') else why or YES


def doubt_from(text: str | None) -> str | None:
    """What `doubt_text` made; None for no doubt."""
    if not text:
        return None
    found = value_from(text) if text.startswith('"') else text
    return "" if text == YES else str(found)


def text_of(value: Value) -> str:
    if isinstance(value, ItemRef):
        return json.dumps({"kind": value.kind, "id": value.id}, ensure_ascii=False)
    if isinstance(value, str) and value and isinstance(value_from(value), str) and not value.startswith('"'):
        return value
    return json.dumps(value, ensure_ascii=False)


def value_from(text: str) -> Value:
    """Raises nothing: a text that is no JSON of a value is the value."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return text
    if (
        isinstance(found, dict)
        and found.keys() == {"kind", "id"}
        and all(isinstance(v, str) for v in found.values())
    ):
        return ItemRef(found["kind"], found["id"])
    if isinstance(found, (dict, list)) or (type(found) is int and abs(found) > _MOST):
        return text
    assert found is None or isinstance(found, (bool, int, float, str))
    return found


def confidence_from(text: str | None) -> float | None:
    """None for no number."""
    try:
        found = float(text) if text else None
    except ValueError:
        return None
    return found if found is not None and abs(found) < float("inf") else None
