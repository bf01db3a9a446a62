"""Agreement on attributes, apart from that on where and what: over segments that both have."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from woz.annotation.measures.agreement import Doubled
from woz.annotation.measures.alpha import Measurement, Value, alpha_shares, krippendorff_alpha
from woz.annotation.measures.cards import Card, CardKind
from woz.annotation.measures.intervals import Estimate, estimate
from woz.model.annotation import Annotation
from woz.model.scheme import AttributeType, ValueKind

NONE = "(none)"
_LEVELS = {ValueKind.ORDERED: Measurement.ORDINAL, ValueKind.NUMBER: Measurement.INTERVAL}


@dataclass(frozen=True, slots=True)
class AttributeAgreement:
    """`pairs` are segments that both have and of which one at least has the attribute; `cards` those that differ.

    Alpha is at the attribute's own level: ordinal where values are in order, interval (and ratio where there is
    nothing below 0) of numbers, nominal else. `low` and `high` are alpha's interval by session, `share` is that of
    the pairs that are the same, with its own. `apart` are the pairs that alpha, less than 1, is made of: those of
    `cards` that both rated, with what each takes from it. `alike` are the pairs that are the same.
    """

    key: str
    pairs: int
    same: int
    level: str
    alpha: float | None
    low: float | None
    high: float | None
    share: Estimate
    cards: tuple[Card, ...]
    apart: tuple[Card, ...]
    alike: tuple[Card, ...] = ()


_Pair = tuple[Card, Annotation, Annotation]


def attribute_agreement(
    sessions: Sequence[Doubled], types: Mapping[str, AttributeType]
) -> list[AttributeAgreement]:
    """By key, of each that anybody used."""
    found: dict[str, dict[str, list[_Pair]]] = {}
    for each in sessions:
        one, other = ({str(a.id): a for a in side} for side in each.annotations)
        for a, b in each.paired.pairs:
            if a.id not in one or b.id not in other:
                continue
            for key in sorted({v.key for v in (*one[a.id].attributes, *other[b.id].attributes)}):
                card = Card(each.session, CardKind.ATTRIBUTE, a, b, key)
                found.setdefault(key, {}).setdefault(each.session, []).append((card, one[a.id], other[b.id]))
    return [_of_one(key, list(found[key].values()), types.get(key)) for key in sorted(found)]


def _of_one(key: str, sessions: Sequence[Sequence[_Pair]], of: AttributeType | None) -> AttributeAgreement:
    pairs = [pair for each in sessions for pair in each]
    same = [[_values(a, key) == _values(b, key) for _, a, b in each] for each in sessions]
    cards = tuple(card for card, a, b in pairs if _values(a, key) != _values(b, key))
    alike = tuple(replace(card, kind=CardKind.SAME) for card, a, b in pairs if _values(a, key) == _values(b, key))
    level = _level(of, [a.value(key) for _, *both in pairs for a in both])
    read = _reader(level, of, key)
    rated = [[(read(a), read(b)) for _, a, b in each] for each in sessions]

    alpha = estimate(rated, lambda some: krippendorff_alpha(_two_rows(some), level))
    shares = alpha_shares(_two_rows(rated), level)
    apart = tuple(replace(card, share=n) for (card, _, _), n in zip(pairs, shares, strict=True) if n)
    told = len(pairs), len(alike), level, alpha.value, alpha.low, alpha.high, share_of(same)
    return AttributeAgreement(key, *told, cards, apart, alike)


def _two_rows(sessions: Sequence[Sequence[tuple[Value | None, Value | None]]]) -> list[list[Value | None]]:
    """A coder a row."""
    together = [pair for each in sessions for pair in each]
    return [[a for a, _ in together], [b for _, b in together]]


def share_of(sessions: Sequence[Sequence[bool]]) -> Estimate:
    """Of all, with its interval by session."""
    return estimate(sessions, lambda some: sum(map(sum, some)) / sum(map(len, some)))


def _level(of: AttributeType | None, values: Sequence[object]) -> Measurement:
    level = _LEVELS.get(of.kind, Measurement.NOMINAL) if of else Measurement.NOMINAL
    numbers = [v for v in values if isinstance(v, int | float)]
    if level == Measurement.INTERVAL and of and of.low is not None and of.low >= 0 and min(numbers, default=0) >= 0:
        return Measurement.RATIO
    return level


def _reader(level: Measurement, of: AttributeType | None, key: str) -> Callable[[Annotation], Value | None]:
    """Of numbers and ordered values who gave none gave no rating; else none is a value of its own."""
    places = {choice.key: float(i) for i, choice in enumerate(of.values)} if of else {}

    def number(annotation: Annotation) -> Value | None:
        value = annotation.value(key)
        if level == Measurement.ORDINAL:
            return places.get(str(value))
        return float(value) if isinstance(value, int | float) else None

    def text(annotation: Annotation) -> Value | None:
        return "; ".join(f"{value} {note}".strip() for value, note in _values(annotation, key)) or NONE

    return text if level == Measurement.NOMINAL else number


def _values(annotation: Annotation, key: str) -> list[tuple[str, str]]:
    return sorted((str(each.value), each.note) for each in annotation.attributes if each.key == key)
