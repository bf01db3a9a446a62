"""How somebody changes over weeks, against a reference: where they set boundaries, and what they call things."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median

from woz.annotation.measures.agreement import Doubled
from woz.annotation.measures.cards import Card, CardKind
from woz.annotation.measures.drift_limits import DriftLimits
from woz.annotation.measures.segment import both_set


@dataclass(frozen=True, slots=True)
class Week:
    """By ISO week, as 2026-W07: pairs of segments, how much later (ns, median) their starts and ends are than the
    reference's, and the share of pairs with another label. `told` says what exceeds what was agreed, `beyond` names
    it (start, end, label); empty if nothing does. `cards` are the pairs.
    """

    week: str
    pairs: int
    start_ns: float
    end_ns: float
    other_label: float
    told: str = ""
    cards: tuple[Card, ...] = ()
    beyond: tuple[str, ...] = ()

    @property
    def others(self) -> tuple[Card, ...]:
        """The pairs with another label."""
        return tuple(each for each in self.cards if each.kind == CardKind.LABEL)

    @property
    def confused(self) -> Counter[tuple[str, str]]:
        """How often which label of the reference was called which other one."""
        return Counter((each.one.label, each.other.label) for each in self.others if each.one and each.other)


def drift(sessions: Sequence[Doubled], limits: DriftLimits) -> list[Week]:
    """Of the second annotator against the first."""
    weeks = by_week(sessions)
    return [_told(week, weeks[week], limits) for week in sorted(weeks)]


def by_week(sessions: Sequence[Doubled], whose: int = 1) -> dict[str, list[Card]]:
    """The pairs of segments by the week in which somebody's was last changed: that of the second annotator, of the
    first where `whose` is 0. Theirs is the second of a card.
    """
    weeks: dict[str, list[Card]] = {}
    for session in sessions:
        made = {str(each.id): each.made.utc_ns for each in session.annotations[whose]}
        for pair in session.paired.pairs:
            own, others = pair[whose], pair[1 - whose]
            kind = CardKind.SAME if own.label == others.label else CardKind.LABEL
            weeks.setdefault(_week(made.get(own.id, 0)), []).append(Card(session.session, kind, others, own))
    return weeks


def _week(utc_ns: int) -> str:
    year, week, _ = datetime.fromtimestamp(utc_ns / 1e9, UTC).isocalendar()
    return f"{year}-W{week:02d}"


def _told(week: str, cards: Sequence[Card], limits: DriftLimits) -> Week:
    """Starts and ends rest on the pairs alone in which both set them."""
    start, end, other = later(cards, "start"), later(cards, "end"), otherwise(cards)
    said = {
        boundary: f"{boundary}s are {abs(value) / 1e9:.2f} s {'late' if value > 0 else 'early'}"
        for boundary, value in (("start", start), ("end", end))
        if len(_apart(cards, boundary)) >= limits.pairs and limits.offset_exceeded(value)
    }
    if len(cards) >= limits.pairs and limits.other_label_exceeded(other):
        said["label"] = f"{100 * other:.0f} of 100 have another label"
    return Week(week, len(cards), start, end, other, "; ".join(said.values()), tuple(cards), tuple(said))


UNDATED = _week(0)
"""In which what has no date is counted."""


def later(cards: Iterable[Card], boundary: str) -> float:
    """How much later the second ones' are (ns, median); 0 where they have none."""
    apart = _apart(cards, boundary)
    return median(apart) if apart else 0.0


def _apart(cards: Iterable[Card], boundary: str) -> list[int]:
    name = f"{boundary}_ns"
    return [
        getattr(each.other, name) - getattr(each.one, name)
        for each in cards
        if each.one and each.other and boundary in both_set(each.one, each.other)
    ]


def otherwise(cards: Sequence[Card]) -> float:
    """The share with another label."""
    return sum(each.kind == CardKind.LABEL for each in cards) / len(cards)
