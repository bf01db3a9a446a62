"""What an edit changed of an item, field by field, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from woz.annotation.drawing import strokes_of
from woz.base.counts import counted
from woz.base.interval import Interval
from woz.model.annotation import Annotation, Attribute
from woz.model.item import ItemRef, kind_of
from woz.model.item_merge import differences
from woz.model.kinds import Item
from woz.model.link import Link
from woz.model.tier import Tier
from woz.model.transcript import Turn

NOTHING = "nothing"
LONGEST = 80
Names = Mapping[str, str]
_NO_NAMES: Names = {}
_FIELDS = {
    "start_ns": "start",
    "end_ns": "end",
    "tier_id": "tier",
    "parent_id": "parent",
    "interval": "time",
    "annotator_id": "annotator",
}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """`name` as people call the field; both values in words."""

    name: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.name}: {self.before} → {self.after}"


def field_changes(before: Item | None, after: Item | None, names: Names = _NO_NAMES) -> tuple[FieldChange, ...]:
    """What differs, by field; of an item that was made or taken away, what can be said of it in one line.

    `names` has what people call a label, an annotator, a tier, an item that a link leads to, by its id.
    """
    if before is None or after is None:
        old, new = (NOTHING if item is None else told(item, names) for item in (before, after))
        return (FieldChange("item", old, new),)
    grouped = {group[0] for group in kind_of(before).together}
    found = differences(before, after)
    first = {name: (a[0], b[0]) if name in grouped else (a, b) for name, (a, b) in found.items()}
    return tuple(_field_change(name, a, b, names) for name, (a, b) in first.items())


def _field_change(name: str, before: Any, after: Any, names: Names) -> FieldChange:
    """Says that it changed also where words can't tell the two apart, as of two drawings."""
    old, new = words(name, before, names), words(name, after, names)
    return FieldChange(_named(name), old, f"{new}, changed" if new == old else new)


def told(item: Item, names: Names = _NO_NAMES) -> str:
    """An item in a few words: what it is, where, and what it says."""
    if isinstance(item, Annotation):
        place = "" if item.start_ns is None else stamp(item.start_ns)
        place += "" if item.end_ns is None else f" to {stamp(item.end_ns)}"
        return _short(" ".join(part for part in (names.get(item.label, item.label), place, item.note) if part))
    if isinstance(item, Turn):
        return _short(f"{item.speaker} {stamp(item.interval.start_ns)} {item.text}")
    if isinstance(item, Link):
        return item.type
    return _short(item.name if isinstance(item, Tier) else item.text)


def stamp(t_ns: int) -> str:
    """A session time to the millisecond: 1:02.345."""
    minutes, ms = divmod(t_ns // 1_000_000, 60_000)
    return f"{minutes}:{ms // 1000:02d}.{ms % 1000:03d}"


def words(name: str, value: Any, names: Names = _NO_NAMES) -> str:
    """A field's value in words; `name` as the item has it."""
    if value is None or value == "" or value == ():
        return NOTHING
    if isinstance(value, Interval):
        return f"{stamp(value.start_ns)} to {stamp(value.end_ns)}"
    if name.endswith("_ns") and isinstance(value, int):
        return stamp(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Attribute):
        return _short(_of_attribute(value, names)) or NOTHING
    if isinstance(value, ItemRef):
        return _short(names.get(value.id, f"{value.kind} {value.id}"))
    if isinstance(value, tuple):
        return _short(", ".join(words("", each, names) for each in value))
    return _short(names.get(str(value), str(value)))


def _of_attribute(value: Attribute, names: Names) -> str:
    """Its value, how many lines are drawn, and the text to it; where in a file a sound is says nobody anything."""
    lines = strokes_of(value.place)
    drawing = f"{counted(len(lines), 'line')} drawn" if lines else ""
    said = drawing or ("" if value.value is None else words("", value.value, names))
    return f"{said} ({value.note})" if said and value.note else said or value.note


def _named(name: str) -> str:
    head, _, key = name.partition(".")
    return key or _FIELDS.get(head, head)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
