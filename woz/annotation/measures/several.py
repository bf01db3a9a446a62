"""How far three or more annotators agree on each moment's label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from woz.annotation.measures.cards import Card, CardKind
from woz.annotation.measures.disagreement import Disagreement, beyond_chance
from woz.annotation.measures.intervals import Estimate, estimate
from woz.annotation.measures.kappa import Tally, apart, fleiss_disagreement, gwet_disagreement
from woz.annotation.measures.segment import GAP, Segment, labels_between, segments_of
from woz.base.interval import Interval
from woz.model.annotation import Annotation

MEASURES: dict[str, Callable[[Tally], Disagreement | None]] = {
    "fleiss kappa": fleiss_disagreement,
    "ac1": gwet_disagreement,
}
TOGETHER = {"fleiss kappa": "Fleiss' kappa", "ac1": "Gwet's AC1"}
"""As they are called."""


@dataclass(frozen=True)
class Shared:
    """A session, who annotated it, three or more, what each of them did, and the windows in which all did."""

    session: str
    names: tuple[str, ...]
    annotations: tuple[tuple[Annotation, ...], ...]
    windows: tuple[Interval, ...]

    @cached_property
    def stretches(self) -> list[tuple[Interval, tuple[str, ...]]]:
        """Of each stretch of time in which nobody's label changes: how each labelled it; empty where they did
        not.
        """
        sides = [segments_of(side) for side in self.annotations]
        return [found for window in self.windows for found in _stretches(sides, window)] if any(sides) else []

    def tally(self, labels: Sequence[str]) -> Counter[tuple[int, ...]]:
        """How much time (ns) has how many annotators at each label."""
        found = Counter[tuple[int, ...]]()
        for span, given in self.stretches:
            found[tuple(map(given.count, labels))] += span.duration_ns
        return found


def _stretches(sides: Sequence[Sequence[Segment]], window: Interval) -> Iterator[tuple[Interval, tuple[str, ...]]]:
    edges = {window.start_ns, window.end_ns}
    edges |= {t for side in sides for s in side for t in (s.start_ns, s.end_ns) if t in window}
    cuts = sorted(edges)
    labels = zip(*(labels_between(side, cuts) for side in sides), strict=True)
    for (start, end), given in zip(pairwise(cuts), labels, strict=True):
        yield Interval(start, end), given


def several_agree(sessions: Sequence[Shared]) -> dict[str, Estimate]:
    """Fleiss' kappa and Gwet's AC1 of time, with intervals by session; what nobody labelled is a label of its
    own.
    """
    tallies = _tallies(sessions)
    return {name: estimate(tallies, _figure(made_of)) for name, made_of in MEASURES.items()}


def several_disagree(sessions: Sequence[Shared], name: str) -> Disagreement | None:
    """What a measure of `several_agree` is made of."""
    return MEASURES[name](_together(_tallies(sessions)))


def several_cards(sessions: Sequence[Shared], name: str) -> list[Card]:
    """Stretches of time that not all labelled alike, with what each takes from the measure, in the order of the
    annotators.
    """
    found = several_disagree(sessions, name)
    defined = found is not None and beyond_chance(found) is not None
    total = sum(span.duration_ns for each in sessions for span, _ in each.stretches)
    cards = []
    for each in sessions:
        for span, given in each.stretches:
            if len(set(given)) > 1:
                whole = total * found.by_chance if defined and found else 0.0
                share = apart(list(Counter(given).values())) * span.duration_ns / whole if whole else None
                one, other, *more = (Segment(span.start_ns, span.end_ns, label) for label in given)
                cards.append(Card(each.session, CardKind.TIME, one, other, share=share, more=tuple(more)))
    return cards


def _tallies(sessions: Sequence[Shared]) -> list[Counter[tuple[int, ...]]]:
    labels = sorted({label for each in sessions for _, given in each.stretches for label in given} | {GAP})
    return [each.tally(labels) for each in sessions]


def _figure(
    made_of: Callable[[Tally], Disagreement | None],
) -> Callable[[Sequence[Counter[tuple[int, ...]]]], float | None]:
    return lambda tallies: beyond_chance(made_of(_together(tallies)))


def _together(tallies: Sequence[Counter[tuple[int, ...]]]) -> Tally:
    total = Counter[tuple[int, ...]]()
    for each in tallies:
        total.update(each)
    return total
