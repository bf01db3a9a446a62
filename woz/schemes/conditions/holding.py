"""Whether a condition holds of an annotation."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from woz.model.annotation import Annotation
from woz.model.item import ItemRef
from woz.model.scheme import AttributeType, Scheme, TierType, ValueKind
from woz.model.tier import Tier
from woz.schemes.conditions.surroundings import Spans, Surroundings, span_of
from woz.schemes.conditions.terms import (
    All,
    Before,
    Compared,
    Condition,
    Either,
    Empty,
    Inside,
    LabelIn,
    Lasts,
    Linked,
    Not,
    Overlaps,
    TierIn,
    Word,
)

_SIGNS = {"=": operator.eq, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


class Known:
    """A tier type in its scheme, with what is looked up in it for each annotation."""

    def __init__(self, scheme: Scheme, tier_type: TierType) -> None:
        self.scheme = scheme
        self.tier_type = tier_type
        self.labels = {str(label.id): label for label in tier_type.labels}
        self.above = {label: self._above(label) for label in self.labels}
        self._having: dict[str, list[str]] = {}

    def _above(self, label: str) -> frozenset[str]:
        """A label with those above it."""
        way: set[str] = set()
        at: str | None = label
        while at is not None and at not in way:
            way.add(at)
            at = self.labels[at].parent if at in self.labels else None
        return frozenset(way)

    def attributes(self, label: str) -> tuple[AttributeType, ...]:
        """Those of the tier type, and the label's own."""
        found = self.labels.get(label)
        return (*self.tier_type.attributes, *found.attributes) if found else self.tier_type.attributes

    def having(self, label: str) -> list[str]:
        """The keys of the tier types with a label; its own where none has it."""
        if label not in self._having:
            types = [each.key for each in self.scheme.tier_types if any(one.id == label for one in each.labels)]
            self._having[label] = types or [self.tier_type.key]
        return self._having[label]


@dataclass(frozen=True, slots=True)
class Asked:
    """An annotation that conditions are asked of."""

    annotation: Annotation
    tier: Tier
    known: Known
    around: Surroundings


def holds(condition: Condition, asked: Asked) -> bool:
    if isinstance(condition, Not):
        return not holds(condition.of, asked)
    if isinstance(condition, All):
        return all(holds(each, asked) for each in condition.of)
    if isinstance(condition, Either):
        return any(holds(each, asked) for each in condition.of)
    if isinstance(condition, LabelIn | TierIn | Before):
        return _named(condition, asked)
    if isinstance(condition, Compared | Empty):
        return _valued(condition, asked)
    if isinstance(condition, Lasts):
        span = asked.annotation
        if span.start_ns is None or span.end_ns is None:
            return False
        return bool(_SIGNS[condition.sign](span.end_ns - span.start_ns, condition.ns))
    if isinstance(condition, Linked):
        return asked.around.linked[condition.link, ItemRef("annotation", asked.annotation.id)] > 0
    return _placed(condition, asked)


def _named(condition: LabelIn | TierIn | Before, asked: Asked) -> bool:
    if isinstance(condition, TierIn):
        return asked.known.tier_type.key in condition.tier_types
    if isinstance(condition, Before):
        return _before(condition.label, asked)
    label = asked.annotation.label
    if not condition.below:
        return label in condition.labels
    return not asked.known.above.get(label, frozenset({label})).isdisjoint(condition.labels)


def _before(label: str, asked: Asked) -> bool:
    start_ns = asked.annotation.start_ns
    if start_ns is None:
        return False
    for key in asked.known.having(label):
        for tier in asked.around.related(asked.tier, key):
            starts = asked.around.spans(tier.id, label).starts
            if starts and starts[0] < start_ns:
                return False
    return True


def _placed(condition: Inside | Overlaps, asked: Asked) -> bool:
    span = span_of(asked.annotation)
    if span is None:
        return False
    own = asked.annotation.id
    for spans in _spans(condition, asked):
        if isinstance(condition, Inside) and spans.contain(span, own):
            return True
        if isinstance(condition, Overlaps) and spans.overlap(span, own):
            return True
    return False


def _spans(condition: Inside | Overlaps, asked: Asked) -> Iterable[Spans]:
    for tier in asked.around.related(asked.tier, condition.tier_type):
        for label in condition.labels or ("",):
            yield asked.around.spans(tier.id, label)


def _valued(condition: Compared | Empty, asked: Asked) -> bool:
    if isinstance(condition, Empty):
        return is_empty(asked.annotation, condition.attribute)
    values = [each.value for each in asked.annotation.attributes if each.key == condition.attribute]
    if not values and condition.sign == "=" and any(word is False for word in condition.values):
        return True
    order = _order(condition.attribute, asked) if condition.sign != "=" else []
    return any(_compares(condition.sign, value, word, order) for value in values for word in condition.values)


def is_empty(annotation: Annotation, attribute: str) -> bool:
    """Whether an attribute has no value, or only texts of blanks; the note, where none is named."""
    if not attribute:
        return not annotation.note.strip()
    values = [each for each in annotation.attributes if each.key == attribute]
    return all(not each.place and (each.value is None or not str(each.value).strip()) for each in values)


def _order(key: str, asked: Asked) -> list[str]:
    """The values of an ordered attribute, the lowest first."""
    known = next((each for each in asked.known.attributes(asked.annotation.label) if each.key == key), None)
    return [choice.key for choice in known.values] if known and known.kind == ValueKind.ORDERED else []


def _compares(sign: str, value: Any, word: Word, order: list[str]) -> bool:
    if order and isinstance(word, str):
        return value in order and word in order and bool(_SIGNS[sign](order.index(value), order.index(word)))
    if isinstance(value, ItemRef):
        value = value.id
    if isinstance(word, bool) or isinstance(value, bool):
        return sign == "=" and value is word
    if isinstance(word, float) and isinstance(value, str):
        value = _number(value)
    if isinstance(word, float) != isinstance(value, int | float):
        return False
    return bool(_SIGNS[sign](value, word))


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text
