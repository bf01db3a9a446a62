"""How somebody changes over weeks, against a reference: where they set boundaries, and what they call things."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median

from woz.annotation.measures.agreement import Doubled
from woz.annotation.measures.cards import Card, CardKind
from woz.annotation.measures.segment import Segment

LEAST = 5
"""A week with fewer pairs than this is shown and never called drift."""
MOST_OTHER = 0.1
"""So large a share of pairs may have another label."""


@dataclass(frozen=True, slots=True)
class Week:
    """By ISO week, as 2026-W07: pairs of segments, how much later (ns, median) their starts and ends are than the
    reference's, and the share of pairs with another label. `told` says what exceeds what was agreed; empty if
    nothing does. `cards` are the pairs.
    """

    week: str
    pairs: int
    start_ns: float
    end_ns: float
    other_label: float
    told: str = ""
    cards: tuple[Card, ...] = ()

    @property
    def others(self) -> tuple[Card, ...]:
        """The pairs with another label."""
        return tuple(each for each in self.cards if each.kind == CardKind.LABEL)

    @property
    def confused(self) -> Counter[tuple[str, str]]:
        """How often which label of the reference was called which other one."""
        return Counter((each.one.label, each.other.label) for each in self.others if each.one and each.other)


def drift(sessions: Sequence[Doubled], tolerance_ns: int, most_other: float = MOST_OTHER) -> list[Week]:
    """Of the second annotator against the first. A segment counts in the week in which it was last changed."""
    made = {str(each.id): each.made.utc_ns for session in sessions for each in session.annotations[1]}
    weeks: dict[str, list[Card]] = {}
    for session in sessions:
        for a, b in session.paired.pairs:
            kind = CardKind.SAME if a.label == b.label else CardKind.LABEL
            weeks.setdefault(_week(made.get(b.id, 0)), []).append(Card(session.session, kind, a, b))
    return [_told(week, weeks[week], tolerance_ns, most_other) for week in sorted(weeks)]


def _week(utc_ns: int) -> str:
    year, week, _ = datetime.fromtimestamp(utc_ns / 1e9, UTC).isocalendar()
    return f"{year}-W{week:02d}"


def _told(week: str, cards: Sequence[Card], tolerance_ns: int, most_other: float) -> Week:
    pairs = [(each.one, each.other) for each in cards if each.one and each.other]
    start, end = _later(pairs, "start"), _later(pairs, "end")
    other = sum(a.label != b.label for a, b in pairs) / len(pairs)
    said = [
        f"{noun} are {abs(value) / 1e9:.2f} s {'late' if value > 0 else 'early'}"
        for noun, value in (("starts", start), ("ends", end))
        if abs(value) > tolerance_ns
    ]
    if other > most_other:
        said.append(f"{100 * other:.0f} of 100 have another label")
    told = "; ".join(said) if len(pairs) >= LEAST else ""
    return Week(week, len(pairs), start, end, other, told, tuple(cards))


def _later(pairs: Sequence[tuple[Segment, Segment]], boundary: str) -> float:
    """How much later the second ones' are (ns, median); 0 where they have none."""
    name = f"{boundary}_ns"
    apart = [getattr(b, name) - getattr(a, name) for a, b in pairs if boundary in a.boundaries]
    return median(apart) if apart else 0.0
