"""What a condition names that its scheme doesn't have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from woz.base.errors import WozError
from woz.model.scheme import AttributeType, Scheme, TierType, ValueKind, all_attributes
from woz.schemes.conditions.parsing import condition_of
from woz.schemes.conditions.terms import (
    Before,
    Compared,
    Condition,
    Empty,
    Inside,
    LabelIn,
    Linked,
    Overlaps,
    TierIn,
    parts,
)


def faults(text: str, scheme: Scheme, about: Sequence[TierType]) -> Iterator[str]:
    """In sentences; `about` are the tier types whose annotations it is asked of."""
    try:
        condition = condition_of(text)
    except WozError as error:
        yield str(error)
        return
    for part in parts(condition):
        yield from _unknown(part, scheme, about)


def _unknown(part: Condition, scheme: Scheme, about: Sequence[TierType]) -> Iterator[str]:
    if isinstance(part, LabelIn):
        yield from _labels(part.labels, about)
    elif isinstance(part, Before):
        yield from _labels((part.label,), scheme.tier_types)
    elif isinstance(part, TierIn):
        yield from (fault for key in part.tier_types for fault in _tier_type(key, scheme))
    elif isinstance(part, Inside | Overlaps):
        yield from _tier_type(part.tier_type, scheme)
        yield from _labels(part.labels, [each for each in scheme.tier_types if each.key == part.tier_type])
    elif isinstance(part, Linked) and part.link not in {each.key for each in scheme.links}:
        yield f"It names the link {part.link!r}, which this scheme doesn't have."
    elif isinstance(part, Compared):
        yield from _compared(part, about)
    elif isinstance(part, Empty) and part.attribute:
        yield from _attribute(part.attribute, about)


def _tier_type(key: str, scheme: Scheme) -> Iterator[str]:
    if key not in {each.key for each in scheme.tier_types}:
        yield f"It names the tier type {key!r}, which this scheme doesn't have."


def _labels(labels: Sequence[str], about: Sequence[TierType]) -> Iterator[str]:
    """Where annotators or procedures bring labels of their own, any may be named."""
    if any(each.open or each.labels_from for each in about):
        return
    known = {label.id for each in about for label in each.labels}
    for label in labels:
        if label not in known:
            yield f"It names the label {label!r}, which there is none of here."


def _attribute(key: str, about: Sequence[TierType]) -> Iterator[str]:
    if not _named(key, about):
        yield f"It names the attribute {key!r}, which there is none of here."


def _named(key: str, about: Sequence[TierType]) -> list[AttributeType]:
    return [attribute for each in about for attribute in all_attributes(each) if attribute.key == key]


def _compared(part: Compared, about: Sequence[TierType]) -> Iterator[str]:
    yield from _attribute(part.attribute, about)
    attributes = _named(part.attribute, about)
    numbers = all(attribute.kind == ValueKind.NUMBER for attribute in attributes)
    ordered = all(attribute.kind in (ValueKind.NUMBER, ValueKind.ORDERED) for attribute in attributes)
    if part.sign != "=" and attributes and not ordered:
        yield f"The attribute {part.attribute!r} has no order to be compared by with {part.sign}."
    choices = {choice.key for attribute in attributes for choice in attribute.values}
    for value in part.values:
        if choices and isinstance(value, str) and value not in choices:
            yield f"It names the value {value!r}, which {part.attribute!r} can't have."
        if attributes and numbers and isinstance(value, str):
            yield f"The attribute {part.attribute!r} is a number, and {value!r} is none."
