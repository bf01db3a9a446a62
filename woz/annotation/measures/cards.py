"""What stands behind each figure of agreement: a list of places, which adds up to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from woz.annotation.measures.agreement import Doubled
from woz.annotation.measures.segment import Segment, both_set, labels_between
from woz.annotation.measures.segmentation import hitting
from woz.base.interval import Interval


class CardKind(StrEnum):
    """`MISSING`: the first has it and the second hasn't; `EXTRA`: the other way round."""

    SAME = "same"
    MISSING = "missing"
    EXTRA = "extra"
    LABEL = "other label"
    BOUNDARY = "boundary"
    ATTRIBUTE = "attribute"
    LINK = "link"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Card:
    """A place to look at. `what` is the boundary ("start", "end"), the attribute's key or the link's type.

    `apart_ns` is how much later the first one's boundary is than the second's. `share` is what it takes from a
    measure: 1 less the shares of a list is the measure that opened it. `more` are the sides of a third and further
    ones.
    """

    session: str
    kind: CardKind
    one: Segment | None
    other: Segment | None
    what: str = ""
    apart_ns: int | None = None
    share: float | None = None
    more: tuple[Segment, ...] = ()

    @property
    def sides(self) -> tuple[Segment | None, ...]:
        return (self.one, self.other, *self.more)

    @property
    def span(self) -> Interval:
        """From where the first of them begins to where the last one ends; at 0 what is for the whole session."""
        there = [each for each in (self.one, self.other) if each]
        start_ns, end_ns = min(each.start_ns for each in there), max(each.end_ns for each in there)
        return Interval(max(0, start_ns), max(0, end_ns))

    @property
    def timed(self) -> bool:
        """Not so for what is for the whole session."""
        return all(each.start_ns >= 0 for each in (self.one, self.other) if each)


def pair_cards(sessions: Sequence[Doubled], label: str, called: str) -> list[Card]:
    """Of the first's segments with a label: those that the second calls so."""
    kind = CardKind.SAME if label == called else CardKind.LABEL
    return [
        Card(each.session, kind, a, b)
        for each in sessions
        for a, b in each.paired.pairs
        if (a.label, b.label) == (label, called)
    ]


def missing_cards(sessions: Sequence[Doubled], label: str) -> list[Card]:
    found = ((each, a) for each in sessions for a in each.paired.only_one if a.label == label)
    return [Card(each.session, CardKind.MISSING, a, None) for each, a in found]


def extra_cards(sessions: Sequence[Doubled], label: str) -> list[Card]:
    found = ((each, b) for each in sessions for b in each.paired.only_other if b.label == label)
    return [Card(each.session, CardKind.EXTRA, None, b) for each, b in found]


def boundary_cards(sessions: Sequence[Doubled], boundary: str, beyond_ns: int = -1) -> list[Card]:
    """Of all pairs, those whose "start" or "end" lies further apart than this; the furthest first."""
    made = [
        Card(each.session, CardKind.BOUNDARY, a, b, boundary, apart)
        for each in sessions
        for a, b in each.paired.pairs
        if boundary in both_set(a, b)
        if abs(apart := getattr(a, f"{boundary}_ns") - getattr(b, f"{boundary}_ns")) > beyond_ns
    ]
    return sorted(made, key=lambda card: -abs(card.apart_ns or 0))


def unhit_cards(sessions: Sequence[Doubled], iou: float) -> list[Card]:
    """The misses of F1: 2 hits / (2 hits + misses)."""
    made = []
    for each in sessions:
        one, other = each.segments
        hits = hitting(one, other, iou)
        hit = set(hits.values())
        made += [Card(each.session, CardKind.MISSING, a, None) for i, a in enumerate(one) if i not in hit]
        made += [Card(each.session, CardKind.EXTRA, None, b) for i, b in enumerate(other) if i not in hits]
    return sorted(made, key=_place)


def time_cards(sessions: Sequence[Doubled]) -> list[Card]:
    """Stretches of time with two labels; together they last as long as what is not the same."""
    made = []
    for each in sessions:
        for window in each.windows or (Interval(0, each.duration_ns),):
            made += _stretches(each, window)
    return made


def _stretches(session: Doubled, window: Interval) -> list[Card]:
    edges = {window.start_ns, window.end_ns}
    edges |= {t for side in session.segments for s in side for t in (s.start_ns, s.end_ns) if t in window}
    cuts = sorted(edges)
    labels = zip(*(labels_between(side, cuts) for side in session.segments), strict=True)
    found: list[tuple[int, int, tuple[str, ...]]] = []
    for (start, end), given in zip(pairwise(cuts), labels, strict=True):
        if len(set(given)) == 1:
            continue
        if found and found[-1][1] == start and found[-1][2] == given:
            found[-1] = (found[-1][0], end, given)
        else:
            found.append((start, end, given))
    return [_stretch(session.session, Interval(start, end), given) for start, end, given in found]


def _stretch(session: str, span: Interval, given: Sequence[str]) -> Card:
    one, other = (Segment(span.start_ns, span.end_ns, label) for label in given)
    return Card(session, CardKind.TIME, one, other)


def edit_cards(sessions: Sequence[Doubled]) -> list[Card]:
    """The edits that make the order of the first's labels that of the second's; as many as the distance."""
    return [card for each in sessions for card in _edits(each)]


def _edits(session: Doubled) -> list[Card]:
    one, other = session.segments
    table = [[i + j if 0 in (i, j) else 0 for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i, a in enumerate(one, 1):
        for j, b in enumerate(other, 1):
            changed = table[i - 1][j - 1] + (a.label != b.label)
            table[i][j] = min(table[i - 1][j] + 1, table[i][j - 1] + 1, changed)
    made: list[Card] = []
    i, j = len(one), len(other)
    while i or j:
        if i and j and table[i][j] == table[i - 1][j - 1] + (one[i - 1].label != other[j - 1].label):
            i, j = i - 1, j - 1
            if one[i].label != other[j].label:
                made.append(Card(session.session, CardKind.LABEL, one[i], other[j]))
        elif i and table[i][j] == table[i - 1][j] + 1:
            i -= 1
            made.append(Card(session.session, CardKind.MISSING, one[i], None))
        else:
            j -= 1
            made.append(Card(session.session, CardKind.EXTRA, None, other[j]))
    return made[::-1]


def _place(card: Card) -> tuple[str, int]:
    return card.session, card.span.start_ns
