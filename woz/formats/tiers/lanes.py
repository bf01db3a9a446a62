"""Layers as ELAN's tiers: none with annotations that overlap, none with one outside that of its parent tier.

What overlaps, or lies outside, stands in further tiers of the same layer, so that ELAN shows it and it comes back.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from woz.base.interval import NS_PER_MS
from woz.formats.tiers.layers import Entry, Layer, LayerKind
from woz.formats.tiers.times import nearest
from woz.model.scheme import Relation, Shape

TIMELESS_MS = 1000
"""What has no time stands at the beginning, one after the other, each so long."""


class Stereotype(StrEnum):
    """How a tier's annotations lie in its parent's, by ELAN's names."""

    ROOT = ""
    TIME_SUBDIVISION = "Time_Subdivision"
    INCLUDED_IN = "Included_In"
    SYMBOLIC_SUBDIVISION = "Symbolic_Subdivision"
    SYMBOLIC_ASSOCIATION = "Symbolic_Association"

    @property
    def timed(self) -> bool:
        return self in (Stereotype.ROOT, Stereotype.TIME_SUBDIVISION, Stereotype.INCLUDED_IN)


@dataclass(eq=False, slots=True)
class Lane:
    """A tier of the file. `given`: the parents of its annotations are those that they lie in; `timeless`: its times
    mean nothing.
    """

    layer: Layer
    parent: Lane | None
    stereotype: Stereotype
    given: bool = False
    timeless: bool = False
    name: str = ""
    placed: list[Placed] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)

    def around(self, start_ms: int, end_ms: int) -> Placed | None:
        """The annotation that such a span lies in."""
        place = bisect_right(self.starts, start_ms) - 1
        return self.placed[place] if place >= 0 and end_ms <= self.placed[place].end_ms else None

    def add(self, placed: Placed) -> None:
        self.placed.append(placed)
        self.starts.append(placed.start_ms)


@dataclass(eq=False, slots=True)
class Placed:
    """An entry in a lane; `within` is the annotation of the parent tier. `stray`: its parent is told by a link."""

    entry: Entry
    lane: Lane
    start_ms: int
    end_ms: int
    within: Placed | None = None
    stray: bool = False


_Key = tuple[Lane | None, Stereotype, bool, bool]


def lanes_of(layers: Iterable[Layer]) -> list[Lane]:
    """Parents first; each has its name."""
    by_entry: dict[str, Placed] = {}
    by_layer: dict[int, list[Lane]] = {}
    names: set[str] = set()
    for layer in layers:
        above = by_layer.get(id(layer.parent), []) if layer.parent else []
        lanes = _Laying(layer, above, by_entry).lanes()
        by_layer[id(layer)] = lanes
        for lane in lanes:
            _subdivide(lane)
            lane.name = unused(f"{layer.name} (no time)" if lane.timeless else layer.name, names)
    return [lane for lanes in by_layer.values() for lane in lanes]


def unused(name: str, taken: set[str]) -> str:
    """The name, or the first of "name (2)", "name (3)" that is not taken; taken from now on."""
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name} ({number})"
    taken.add(found)
    return found


class _Laying:
    """Lays the entries of one layer."""

    def __init__(self, layer: Layer, above: list[Lane], by_entry: dict[str, Placed]) -> None:
        self._layer = layer
        self._above = above
        self._by_entry = by_entry
        self._found: dict[_Key, list[Lane]] = {}
        self._hosted: set[tuple[int, int]] = set()

    def lanes(self) -> list[Lane]:
        if not self._layer.entries:
            self._empty()
        for entry in self._layer.entries:
            parent = self._by_entry.get(entry.parent)
            placed = self._timed(entry, parent) if entry.start_ns is not None else self._untimed(entry, parent)
            placed.lane.add(placed)
            self._by_entry[entry.id] = placed
        found = [lane for lanes in self._found.values() for lane in lanes]
        return sorted(found, key=lambda lane: lane.timeless)

    def _empty(self) -> None:
        host = self._above[0] if self._above else None
        self._lane(host, _usual(self._layer) if host else Stereotype.ROOT, host is not None, False, -1)

    def _timed(self, entry: Entry, parent: Placed | None) -> Placed:
        start, end = span_ms(entry)
        within = parent if parent and _holds(parent, start, end) else None
        if not parent and not entry.parent:
            within = next((found for lane in self._above if (found := self._in(lane, start, end))), None)
        if within is None or not self._of_above(within):
            lane = self._lane(None, Stereotype.ROOT, False, False, start)
            return Placed(entry, lane, start, end, stray=parent is not None)
        lane = self._lane(within.lane, Stereotype.INCLUDED_IN, parent is not None, False, start)
        return Placed(entry, lane, start, end, within)

    def _in(self, lane: Lane, start: int, end: int) -> Placed | None:
        return lane.around(start, end) if lane.stereotype.timed and not lane.timeless else None

    def _of_above(self, placed: Placed) -> bool:
        return placed.lane in self._above

    def _untimed(self, entry: Entry, parent: Placed | None) -> Placed:
        if parent is None or not self._of_above(parent):
            lane = self._lane(None, Stereotype.ROOT, False, True, 0)
            start = len(lane.placed) * TIMELESS_MS
            return Placed(entry, lane, start, start + TIMELESS_MS, stray=parent is not None)
        stereotype = _symbolic(self._layer)
        one_each = stereotype is Stereotype.SYMBOLIC_ASSOCIATION
        lane = self._lane(parent.lane, stereotype, True, False, 0, parent if one_each else None)
        return Placed(entry, lane, parent.start_ms, parent.end_ms, parent)

    def _lane(
        self,
        host: Lane | None,
        stereotype: Stereotype,
        given: bool,
        timeless: bool,
        start: int,
        parent: Placed | None = None,
    ) -> Lane:
        """The first that has room from a time on, or for a child of a parent that may have one there."""
        lanes = self._found.setdefault((host, stereotype, given, timeless), [])
        for lane in lanes:
            last = lane.placed[-1] if lane.placed else None
            free = last is None or last.end_ms <= start or timeless or not stereotype.timed
            if free and (id(lane), id(parent)) not in self._hosted:
                break
        else:
            lane = Lane(self._layer, host, stereotype, given, timeless)
            lanes.append(lane)
        if parent is not None:
            self._hosted.add((id(lane), id(parent)))
        return lane


def span_ms(entry: Entry) -> tuple[int, int]:
    """At least a millisecond, and not before the beginning, as ELAN has it."""
    assert entry.start_ns is not None
    start = max(0, nearest(entry.start_ns, NS_PER_MS))
    end = start if entry.end_ns is None else nearest(entry.end_ns, NS_PER_MS)
    return start, max(start + 1, end)


def _holds(parent: Placed, start: int, end: int) -> bool:
    lane = parent.lane
    return lane.stereotype.timed and not lane.timeless and parent.start_ms <= start and end <= parent.end_ms


def _symbolic(layer: Layer) -> Stereotype:
    hold = layer.type.parent if layer.type else None
    one_each = hold is not None and hold.relation is Relation.ONE_TO_ONE
    return Stereotype.SYMBOLIC_ASSOCIATION if one_each else Stereotype.SYMBOLIC_SUBDIVISION


def _usual(layer: Layer) -> Stereotype:
    """Of a layer of which nothing is there."""
    if layer.type is None or layer.type.shape is not Shape.SESSION:
        return Stereotype.INCLUDED_IN
    return _symbolic(layer)


def _subdivide(lane: Lane) -> None:
    """A lane that is to subdivide its parent's does so where it leaves no gap in any of them."""
    hold = lane.layer.type.parent if lane.layer.type else None
    wanted = lane.layer.kind is LayerKind.TIER and hold is not None and hold.relation is Relation.SUBDIVIDES
    if lane.stereotype is Stereotype.INCLUDED_IN and wanted and all(_tiled(lane)):
        lane.stereotype = Stereotype.TIME_SUBDIVISION


def _tiled(lane: Lane) -> Iterator[bool]:
    """Of each annotation, whether it begins and ends where its parent or a neighbour does."""
    before: Placed | None = None
    for placed, after in zip(lane.placed, [*lane.placed[1:], None], strict=False):
        within = placed.within
        assert within is not None
        begins = before.end_ms if before and before.within is within else within.start_ms
        ends = after.start_ms if after and after.within is within else within.end_ms
        yield placed.start_ms == begins and placed.end_ms == ends
        before = placed
