"""What a file says otherwise than woz would write it, kept so that it is written back as it stood.

Each difference holds what woz would have written, too: where somebody has changed that since, the new value leaves.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

Way = tuple[str, ...]
_NOTHING = object()


def remains(original: Any, written: Any) -> str:
    """As JSON; empty where both are the same."""
    found = list(_differences(original, written, ()))
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")) if found else ""


def restored(written: dict[str, Any], kept: object) -> dict[str, Any]:
    """What would be written, with what was kept of the file. What isn't as it was when that was kept stays.

    `kept` may have come from another program: what in it is no difference is passed over.
    """
    for each in _kept_differences(kept):
        _restore(written, each)
    return written


def same(one: object, other: object) -> bool:
    """Equal as JSON: 1, 1.0 and true differ, and so do 0.0 and -0.0."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return repr(one) == repr(other) if isinstance(one, float) else one == other


def _differences(original: Any, written: Any, way: Way) -> Iterator[dict[str, Any]]:
    if isinstance(original, dict) and isinstance(written, dict):
        for key in (*written, *(key for key in original if key not in written)):
            yield from _differences(original.get(key, _NOTHING), written.get(key, _NOTHING), (*way, key))
    elif original is _NOTHING or written is _NOTHING or not same(original, written):
        was = {} if written is _NOTHING else {"was": written}
        now = {} if original is _NOTHING else {"is": original}
        yield {"at": list(way), **was, **now}


def _kept_differences(kept: object) -> list[dict[str, Any]]:
    try:
        told = json.loads(kept) if isinstance(kept, str) and kept else []
    except (ValueError, RecursionError):
        return []
    return [each for each in told if _is_difference(each)] if isinstance(told, list) else []


def _is_difference(told: object) -> bool:
    way = told.get("at") if isinstance(told, dict) else None
    return isinstance(way, list) and bool(way) and all(isinstance(key, str) for key in way)


def _restore(written: dict[str, Any], difference: dict[str, Any]) -> None:
    *way, last = difference["at"]
    inner: Any = written
    for key in way:
        inner = inner.get(key) if isinstance(inner, dict) else None
    if not isinstance(inner, dict):
        return
    was = difference.get("was", _NOTHING)
    now = inner.get(last, _NOTHING)
    if now is not was and not same(now, was):
        return
    if "is" in difference:
        inner[last] = difference["is"]
    else:
        inner.pop(last, None)
