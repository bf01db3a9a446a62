"""How far the adjudication of a session is: what was decided stands in the gold tier, and so can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from woz.annotation.adjudication.clusters import Cluster, Matter, Side, clusters, matters
from woz.model.annotation import Annotation
from woz.model.item import ItemRef, ref_to
from woz.model.link import Link
from woz.model.tier import Tier

RUN = "adjudication: "
"""Begins the run of a gold item; what was decided of it follows, with commas between."""
DROPPED = "woz-dropped"
"""The type of a link from a mark to the gold tier that it was kept out of."""


@dataclass(frozen=True)
class Adjudication:
    """The sides, the gold so far, and what was kept out of it; boundaries less than `tolerance_ns` apart agree."""

    sides: tuple[Side, ...]
    gold: Tier
    marks: tuple[Annotation, ...]
    dropped: frozenset[str]
    tolerance_ns: int

    @classmethod
    def of(
        cls,
        sides: Sequence[Side],
        gold: Tier,
        marks: Iterable[Annotation],
        links: Iterable[Link],
        tolerance_ns: int,
    ) -> Adjudication:
        out = {each.source.id for each in links if each.type == DROPPED and each.target == ref_to(gold)}
        return cls(tuple(sides), gold, tuple(marks), frozenset(out), tolerance_ns)

    @cached_property
    def clusters(self) -> list[Cluster]:
        return clusters(self.sides)

    @cached_property
    def matters(self) -> list[Matter]:
        """All that there ever were, decided or not."""
        return [each for cluster in self.clusters for each in matters(cluster, self.sides, self.tolerance_ns)]

    @cached_property
    def open(self) -> list[Matter]:
        """What is still to be decided, by time."""
        return [each for each in self.matters if not self.decided(each)]

    @cached_property
    def agreed(self) -> list[Cluster]:
        """What nobody disputes and isn't in the gold yet."""
        disputed = {id(each.cluster) for each in self.matters}
        return [
            each
            for each in self.clusters
            if id(each) not in disputed and self.gold_of(each) is None and not self.is_out(each)
        ]

    def decided(self, matter: Matter) -> bool:
        """What somebody made of a gold item by hand is decided."""
        made = self.gold_of(matter.cluster)
        if made is None:
            return self.is_out(matter.cluster)
        return not made.made.run.startswith(RUN) or matter.name in made.made.run.removeprefix(RUN).split(", ")

    def gold_of(self, cluster: Cluster) -> Annotation | None:
        return next((self._golds[ref_to(each)] for each in cluster.there if ref_to(each) in self._golds), None)

    def is_out(self, cluster: Cluster) -> bool:
        return any(str(each.id) in self.dropped for each in cluster.there)

    @cached_property
    def _golds(self) -> dict[ItemRef, Annotation]:
        return {source.item: mark for mark in self.marks for source in mark.made.sources}
