"""How far the adjudication of a session is: what was decided stands in the gold tier, and so can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from woz.annotation.adjudication.clusters import Cluster, Matter, MatterKind, Side, clusters, matters
from woz.annotation.adjudication.ends import End, Ends, link_matters
from woz.model.annotation import Annotation
from woz.model.item import ItemRef, ref_to
from woz.model.link import Link
from woz.model.scheme import Overlap
from woz.model.tier import Tier

RUN = "adjudication: "
"""Begins the run of a gold item; what was decided of it follows, with commas between."""
DROPPED = "woz-dropped"
"""The type of a link from a mark to the gold tier that it was kept out of."""


@dataclass(frozen=True)
class Adjudication:
    """The sides, the gold so far, and what was kept out of it; boundaries less than `tolerance_ns` apart agree.

    `beside` are tiers of other types, to which links may lead; `overlap` says which of the gold may overlap.
    """

    sides: tuple[Side, ...]
    gold: Tier
    marks: tuple[Annotation, ...]
    dropped: frozenset[str]
    tolerance_ns: int
    links: tuple[Link, ...] = ()
    beside: tuple[Side, ...] = ()
    overlap: Overlap = Overlap.NONE

    @classmethod
    def of(
        cls,
        sides: Sequence[Side],
        gold: Tier,
        marks: Iterable[Annotation],
        links: Iterable[Link],
        tolerance_ns: int,
        beside: Iterable[Side] = (),
        overlap: Overlap = Overlap.NONE,
    ) -> Adjudication:
        known = list(links)
        out = {each.source.id for each in known if each.type == DROPPED and each.target == ref_to(gold)}
        joining = tuple(each for each in known if each.type != DROPPED)
        return cls(tuple(sides), gold, tuple(marks), frozenset(out), tolerance_ns, joining, tuple(beside), overlap)

    @cached_property
    def clusters(self) -> list[Cluster]:
        return clusters(self.sides)

    @cached_property
    def ends(self) -> Ends:
        """Where links lead."""
        coded, made = gold_apart(self.beside)
        return Ends(self.clusters, coded, [*self.marks, *made], self.links)

    @cached_property
    def matters(self) -> list[Matter]:
        """All that there ever were, decided or not: by time, and links after all else, since they join the gold."""
        found = [each for cluster in self.clusters for each in matters(cluster, self.sides, self.tolerance_ns)]
        return found + [each for cluster in self.clusters for each in link_matters(cluster, self.ends)]

    @cached_property
    def open(self) -> list[Matter]:
        """What is still to be decided, in that order."""
        return [each for each in self.matters if not self.decided(each)]

    @cached_property
    def agreed(self) -> list[Cluster]:
        """What nobody disputes, but perhaps its links, and isn't in the gold yet."""
        disputed = {id(each.cluster) for each in self.matters if each.kind != MatterKind.LINK}
        return [
            each
            for each in self.clusters
            if id(each) not in disputed and self.gold_of(each) is None and not self.is_out(each)
        ]

    @cached_property
    def agreed_ends(self) -> list[tuple[Cluster, End]]:
        """Links that all have who marked the thing, and the gold hasn't yet though it has what they join."""
        return [(cluster, end) for cluster in self.clusters for end in self._agreed_of(cluster)]

    @property
    def to_take(self) -> int:
        """How much that agrees, marks and links, isn't in the gold yet."""
        return len(self.agreed) + len(self.agreed_ends)

    def decided(self, matter: Matter) -> bool:
        """What somebody made of a gold item by hand is; so are links that differ in what was kept out alone."""
        if matter.kind == MatterKind.LINK and not self._apart(matter.cluster, matter.key):
            return True
        made = self.gold_of(matter.cluster)
        if made is None:
            return self.is_out(matter.cluster)
        return not made.made.run.startswith(RUN) or matter.name in decided_of(made)

    def _apart(self, cluster: Cluster, kind: str) -> bool:
        """Whether they link it otherwise by links of a type."""
        return len({self.ends_of(mark, kind) for mark in cluster.there}) > 1

    def ends_of(self, mark: Annotation, kind: str) -> frozenset[End]:
        """Where its links of a type lead, without what was kept out."""
        return frozenset(each for each in self.ends.of(mark) if each.type == kind and not self.leads_out(each))

    def leads_out(self, end: End) -> bool:
        cluster = self.ends.cluster(end)
        return cluster is not None and self.is_out(cluster)

    def _agreed_of(self, cluster: Cluster) -> list[End]:
        gold = self.gold_of(cluster)
        if gold is None or not gold.made.run.startswith(RUN):
            return []
        ruled, there = decided_of(gold), self.ends.of(gold)
        kinds = {end.type for mark in cluster.there for end in self.ends.of(mark)}
        agreed = (
            end
            for kind in sorted(kinds)
            if not self._apart(cluster, kind) and Matter(cluster, MatterKind.LINK, kind).name not in ruled
            for end in sorted(self.ends_of(cluster.there[0], kind))
        )
        return [
            each
            for each in agreed
            if each not in there and (self.ends.cluster(each) is None or self.ends.gold(each) is not None)
        ]

    def gold_of(self, cluster: Cluster) -> Annotation | None:
        return next((self._golds[ref_to(each)] for each in cluster.there if ref_to(each) in self._golds), None)

    def is_out(self, cluster: Cluster) -> bool:
        return any(str(each.id) in self.dropped for each in cluster.there)

    @cached_property
    def _golds(self) -> dict[ItemRef, Annotation]:
        return {source.item: mark for mark in self.marks for source in mark.made.sources}


def gold_apart(sides: Iterable[Side]) -> tuple[list[Side], list[Annotation]]:
    """What annotators marked, and what was adjudicated."""
    coded, golds = [], []
    for side in sides:
        golds += [mark for mark in side.marks if mark.made.run.startswith(RUN)]
        coded.append(replace(side, marks=tuple(m for m in side.marks if not m.made.run.startswith(RUN))))
    return coded, golds


def decided_of(gold: Annotation) -> list[str]:
    """The names of what was decided of a gold item; empty for one made by hand."""
    run = gold.made.run
    return run.removeprefix(RUN).split(", ") if run.startswith(RUN) else []
