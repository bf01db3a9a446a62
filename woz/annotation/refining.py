"""The edges of a tier in the order in which somebody looks at them again: by time, or the most doubtful first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from woz.annotation.proposals.drafts import END_SPREAD, START_SPREAD
from woz.base.interval import NS_PER_S
from woz.model.annotation import Annotation
from woz.model.own_schemes import UNSURE

Doubt = Callable[["Edge"], float]
"""How doubtful an edge is: 0 not at all, 1 as can be."""


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge of an item; of two items that touch, the start of the second. A point is its own start."""

    item: Annotation
    at_start: bool

    @property
    def t_ns(self) -> int:
        span = self.item.interval
        return span.start_ns if self.at_start else span.end_ns

    @property
    def place(self) -> tuple[str, bool]:
        return self.item.id, self.at_start


def edges_of(items: Iterable[Annotation]) -> list[Edge]:
    """By time."""
    timed = [each for each in items if each.start_ns is not None]
    starts = {each.start_ns for each in timed}
    found = [Edge(each, True) for each in timed]
    found += [Edge(each, False) for each in timed if each.end_ns is not None and each.end_ns not in starts]
    return sorted(found, key=lambda edge: (edge.t_ns, edge.item.id))


def by_doubt(edges: Iterable[Edge], pressed: Doubt) -> list[Edge]:
    """The most doubtful first; `pressed` is what is known of how an edge was made."""
    return sorted(edges, key=lambda edge: (-max(stated_doubt(edge), pressed(edge)), edge.t_ns))


def stated_doubt(edge: Edge) -> float:
    """What its annotator, or the machine that proposed it, says of it."""
    item = edge.item
    if item.value(UNSURE) is True:
        return 1.0
    spread = item.value(START_SPREAD if edge.at_start else END_SPREAD)
    by_spread = min(1.0, spread / NS_PER_S) if isinstance(spread, int | float) else 0.0
    return max(by_spread, 0.0 if item.confidence is None else 1.0 - item.confidence)
