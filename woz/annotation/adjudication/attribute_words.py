"""What annotators gave as an attribute, in words, as an adjudicator compares it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from woz.model.annotation import Attribute, Value
from woz.model.item import ItemRef
from woz.model.scheme import AttributeType, ValueKind

_MADE = {ValueKind.DRAWING: "drawn", ValueKind.SOUND: "spoken"}
"""What no words can say."""


def attribute_words(
    found: Sequence[Attribute], kind: AttributeType | None, label_name: Callable[[str], str]
) -> str:
    """The values as the scheme calls them, each with its text.

    `kind` is None for an attribute that the scheme doesn't know; `label_name` calls a label by its id.
    """
    told = (f"{_words(each.value, kind, label_name)}{f' ({each.note})' if each.note else ''}" for each in found)
    return ", ".join(told) or "none"


def _words(value: Value, kind: AttributeType | None, label_name: Callable[[str], str]) -> str:
    if kind is not None and kind.kind in _MADE:
        return _MADE[kind.kind]
    if value is None:
        return "no value"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, ItemRef):
        return value.kind
    if kind is not None and kind.kind == ValueKind.LABEL:
        return label_name(str(value))
    choices = {each.key: each.name() for each in kind.values} if kind else {}
    return choices.get(str(value), str(value))
