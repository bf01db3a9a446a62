"""How somebody changes over weeks, against a reference: where they set boundaries, and what they call things."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median

from woz.annotation.measures.agreement import Doubled

LEAST = 5
"""A week with fewer pairs than this is shown and never called drift."""


@dataclass(frozen=True, slots=True)
class Week:
    """By ISO week, as 2026-W07: pairs of segments, how much later (ns, median) their starts and ends are than the
    reference's, and the share of pairs with another label. `told` says what exceeds what was agreed; empty if
    nothing does.
    """

    week: str
    pairs: int
    start_ns: float
    end_ns: float
    other_label: float
    told: str = ""


def drift(sessions: Sequence[Doubled], tolerance_ns: int, most_other: float = 0.1) -> list[Week]:
    """Of the second annotator against the first. A segment counts in the week in which it was last changed."""
    made = {str(each.id): each.made.utc_ns for session in sessions for each in session.annotations[1]}
    weeks: dict[str, list[tuple[int, int, bool]]] = {}
    for session in sessions:
        for a, b in session.paired.pairs:
            apart = b.start_ns - a.start_ns, b.end_ns - a.end_ns, a.label != b.label
            weeks.setdefault(_week(made.get(b.id, 0)), []).append(apart)
    return [_told(week, weeks[week], tolerance_ns, most_other) for week in sorted(weeks)]


def _week(utc_ns: int) -> str:
    year, week, _ = datetime.fromtimestamp(utc_ns / 1e9, UTC).isocalendar()
    return f"{year}-W{week:02d}"


def _told(week: str, apart: Sequence[tuple[int, int, bool]], tolerance_ns: int, most_other: float) -> Week:
    start, end = median(each[0] for each in apart), median(each[1] for each in apart)
    other = sum(each[2] for each in apart) / len(apart)
    said = [
        f"{noun} are {abs(value) / 1e9:.2f} s {'late' if value > 0 else 'early'}"
        for noun, value in (("starts", start), ("ends", end))
        if abs(value) > tolerance_ns
    ]
    if other > most_other:
        said.append(f"{100 * other:.0f} of 100 have another label")
    return Week(week, len(apart), start, end, other, "; ".join(said) if len(apart) >= LEAST else "")
