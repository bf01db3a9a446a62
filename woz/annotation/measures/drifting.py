"""What of somebody's coding lies beyond what was agreed, and since which week."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile

from woz.annotation.measures.cards import Card, CardKind
from woz.annotation.measures.drift import UNDATED, later, otherwise
from woz.annotation.measures.drift_limits import DriftLimits
from woz.annotation.measures.segment import both_set

Weeks = Mapping[str, Sequence[Card]]
"""Pairs of segments by ISO week, somebody's the second of each, as `woz.annotation.measures.drift.by_week`."""


class DriftKind(StrEnum):
    START = "start"
    END = "end"
    LABEL = "label"


@dataclass(frozen=True, slots=True)
class Drift:
    """From the week `since` to the week `until` (2026-W07), the last that was judged, all of it beyond.

    `cards` are the pairs: of starts and ends those to which both give the `label`, else those to which the
    reference gives it; an empty label stands for all. `value` is how much later somebody's are (ns, median), or the
    share with another label.
    """

    kind: DriftKind
    label: str
    since: str
    until: str
    value: float
    cards: tuple[Card, ...]

    @property
    def others(self) -> tuple[Card, ...]:
        """The pairs with another label."""
        return tuple(each for each in self.cards if each.kind == CardKind.LABEL)

    @property
    def called(self) -> tuple[str, int] | None:
        """The label that is given most in the place of this one, and how often."""
        found = Counter(each.other.label for each in self.others if each.other).most_common(1)
        return found[0] if found else None


@dataclass(frozen=True, slots=True)
class _Stretch:
    since: str
    until: str
    cards: tuple[Card, ...]


def drifting(weeks: Weeks, limits: DriftLimits) -> list[Drift]:
    """Label by label; of all labels together where of none alone. A week with too few pairs counts together with
    those after it; what has no date is of no week.
    """
    by_label = _by_label(weeks)
    found: list[Drift] = []
    for kind in DriftKind:
        of_labels = [each for label in sorted(by_label) if (each := _drift(kind, label, by_label[label], limits))]
        of_all = None if of_labels else _drift(kind, "", weeks, limits)
        found += [of_all] if of_all else of_labels
    return found


def _by_label(weeks: Weeks) -> dict[str, dict[str, list[Card]]]:
    """By the label that the reference gives, then by week."""
    found: dict[str, dict[str, list[Card]]] = defaultdict(lambda: defaultdict(list))
    for week, cards in weeks.items():
        for each in cards:
            if each.one:
                found[each.one.label][week].append(each)
    return found


def _drift(kind: DriftKind, label: str, weeks: Weeks, limits: DriftLimits) -> Drift | None:
    stretches = list(_stretches(kind, weeks, limits.pairs))
    way = _beyond(kind, stretches[-1].cards, limits) if stretches else 0
    if not way:
        return None
    beyond = list(takewhile(lambda each: _beyond(kind, each.cards, limits) == way, reversed(stretches)))
    cards = tuple(card for each in reversed(beyond) for card in each.cards)
    return Drift(kind, label, beyond[-1].since, beyond[0].until, _value(kind, cards), cards)


def _stretches(kind: DriftKind, weeks: Weeks, least: int) -> Iterator[_Stretch]:
    """Weeks that have so many pairs, alone or together; what is left at the end is judged once it has. Of several
    others' pairs with one mark of somebody's one counts: by chance all of them lie on the same side.
    """
    since = ""
    cards: list[Card] = []
    marks: set[tuple[str, str]] = set()
    for week in sorted(weeks.keys() - {UNDATED}):
        of_week = [each for each in weeks[week] if _counts(kind, each)]
        since = since or (week if of_week else "")
        cards += of_week
        marks |= {(each.session, each.other.id) for each in of_week if each.other}
        if len(marks) >= least:
            yield _Stretch(since, week, tuple(cards))
            since, cards, marks = "", [], set()


def _counts(kind: DriftKind, card: Card) -> bool:
    if card.one is None or card.other is None:
        return False
    return kind == DriftKind.LABEL or (card.kind == CardKind.SAME and kind in both_set(card.one, card.other))


def _value(kind: DriftKind, cards: Sequence[Card]) -> float:
    return otherwise(cards) if kind == DriftKind.LABEL else later(cards, kind)


def _beyond(kind: DriftKind, cards: Sequence[Card], limits: DriftLimits) -> int:
    """1 where it is beyond what was agreed, -1 where somebody is too early, else 0."""
    value = _value(kind, cards)
    if kind == DriftKind.LABEL:
        return int(limits.other_label_exceeded(value))
    return (1 if value > 0 else -1) if limits.offset_exceeded(value) else 0
