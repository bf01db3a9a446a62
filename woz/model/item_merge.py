"""How two states of an item differ, and how two changes of the same item become one: field by field.

A field's name is its own; a value within a field that is merged by key is named "field.key"; fields that have a
meaning only together are named by the first of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from woz.model.item import ItemKind, kind_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Merged:
    """`item` holds both changes where no field was changed on both sides; else the names of those are `fields`."""

    item: Any
    fields: tuple[str, ...] = ()


def differences(before: Any, after: Any) -> dict[str, tuple[Any, Any]]:
    """By the field's name, what it was and what it is. What only says who made the item is left out."""
    kind = kind_of(before)
    old, new = _parts(before, kind), _parts(after, kind)
    names = dict.fromkeys((*old, *new))
    return {
        name: (old.get(name), new.get(name))
        for name in names
        if old.get(name) != new.get(name) and name not in kind.follows
    }


def merge(base: Any, mine: Any, theirs: Any) -> Merged:
    """What I made of `base`, and what others made of it meanwhile, in one item."""
    if theirs == base or mine == theirs:
        return Merged(mine)
    if mine == base:
        return Merged(theirs)
    kind = kind_of(base)
    b, m, t = (_parts(item, kind) for item in (base, mine, theirs))
    clashing, found = [], {}
    for name in dict.fromkeys((*t, *m)):
        ours, others, was = m.get(name), t.get(name), b.get(name)
        if ours != others and was not in (ours, others) and name not in kind.follows:
            clashing.append(name)
        found[name] = others if ours == was else ours
    if clashing:
        return Merged(None, tuple(clashing))
    return _built(theirs, found, kind, tuple(name for name in differences(base, mine)))


def insist(base: Any, mine: Any, theirs: Any) -> Any:
    """What I made of `base` over what others made of it: where both changed a field, mine holds."""
    kind = kind_of(base)
    b, m, t = (_parts(item, kind) for item in (base, mine, theirs))
    found = {name: (t if m.get(name) == b.get(name) else m).get(name) for name in dict.fromkeys((*t, *m))}
    made = _built(theirs, found, kind, ()).item
    return mine if made is None else made


def _built(template: T, parts: Mapping[str, Any], kind: ItemKind, mine: tuple[str, ...]) -> Merged:
    """Two changes that fit each other by their fields may still make no item: an end before its start."""
    values: dict[str, Any] = dict.fromkeys(kind.by_key, ())
    for name, value in parts.items():
        head, _, key = name.partition(".")
        group = _group(kind, head)
        if key:
            values[head] += value or ()
        elif group:
            values.update(zip(group, value, strict=True))
        else:
            values[head] = value
    make: Callable[..., Any] = replace
    try:
        return Merged(make(template, **values))
    except ValueError:
        return Merged(None, mine)


def _parts(item: Any, kind: ItemKind) -> dict[str, Any]:
    """What is compared as one, by name."""
    found: dict[str, Any] = {}
    for name in kind.field_names:
        group = _group(kind, name)
        if name in kind.by_key:
            for each in getattr(item, name):
                key = f"{name}.{getattr(each, kind.by_key[name])}"
                found[key] = (*found.get(key, ()), each)
        elif group:
            found[group[0]] = tuple(getattr(item, part) for part in group)
        else:
            found[name] = getattr(item, name)
    return found


def _group(kind: ItemKind, name: str) -> tuple[str, ...]:
    return next((group for group in kind.together if name in group), ())
