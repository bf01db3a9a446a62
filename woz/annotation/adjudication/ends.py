"""Where the links of several annotators lead, named so that who means the same names the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from woz.annotation.adjudication.clusters import Cluster, Matter, MatterKind, Side, clusters
from woz.annotation.link_owner import link_owner
from woz.model.annotation import Annotation
from woz.model.item import ItemRef, ref_to
from woz.model.link import Link


@dataclass(frozen=True, slots=True, order=True)
class End:
    """The other end of a mark's link: `onward` where the link leads from the mark to it.

    `thing` is the same for marks of one cluster, in whatever tier they are, and for the gold made of them.
    """

    type: str
    onward: bool
    thing: str


class Ends:
    """All of a session, each with the mark that it belongs to.

    `beside` are tiers of other types, `golds` the adjudicated marks of all types.
    """

    def __init__(
        self,
        here: Sequence[Cluster],
        beside: Iterable[Side],
        golds: Iterable[Annotation],
        links: Iterable[Link],
    ) -> None:
        self._links: dict[ItemRef, list[tuple[bool, ItemRef, Link]]] = {}
        for link in links:
            owner = link_owner(link)
            onward = owner == link.source
            self._links.setdefault(owner, []).append((onward, link.target if onward else link.source, link))
        self._here = {_named("", at): cluster for at, cluster in enumerate(here)}
        self._things = {ref_to(mark): name for name, cluster in self._here.items() for mark in cluster.there}
        self._things |= _elsewhere(beside, {other for found in self._links.values() for _, other, _ in found})
        self._golds: dict[str, ItemRef] = {}
        for gold in golds:
            known = [self._things[s.item] for s in gold.made.sources if s.item in self._things]
            for thing in known:
                self._golds[thing] = ref_to(gold)
                self._things[ref_to(gold)] = thing

    def of(self, mark: Annotation) -> dict[End, Link]:
        """Of an annotator's mark, or of a gold one."""
        return {
            End(link.type, onward, self._thing(other)): link
            for onward, other, link in self._links.get(ref_to(mark), ())
        }

    def cluster(self, end: End) -> Cluster | None:
        """What it leads to, where that is adjudicated with this."""
        return self._here.get(end.thing)

    def gold(self, end: End) -> ItemRef | None:
        """What it leads to in the gold; None where there is none (yet)."""
        return self._golds.get(end.thing)

    def _thing(self, ref: ItemRef) -> str:
        return self._things.get(ref, f"{ref.kind} {ref.id}")


def _elsewhere(beside: Iterable[Side], linked: set[ItemRef]) -> dict[ItemRef, str]:
    """Of marks in tiers of other types that links lead to: which are of the same thing."""
    kinds: dict[tuple[str, str], list[Side]] = {}
    for side in beside:
        marks = tuple(mark for mark in side.marks if ref_to(mark) in linked)
        kinds.setdefault(side.tier.type_id, []).append(replace(side, marks=marks))
    return {
        ref_to(mark): _named("/".join(kind), at)
        for kind, sides in kinds.items()
        for at, cluster in enumerate(clusters(sides))
        for mark in cluster.there
    }


def _named(kind: str, at: int) -> str:
    return f"thing {at} {kind}".rstrip()


def link_matters(cluster: Cluster, ends: Ends) -> list[Matter]:
    """By type: where those who marked it link it otherwise."""
    found = [by_type(ends.of(mark)) for mark in cluster.there]
    types = sorted({kind for each in found for kind in each})
    apart = (kind for kind in types if len({each.get(kind, frozenset()) for each in found}) > 1)
    return [Matter(cluster, MatterKind.LINK, kind) for kind in apart]


def by_type(ends: Iterable[End]) -> dict[str, frozenset[End]]:
    """By the type of the link."""
    there = list(ends)
    return {kind: frozenset(each for each in there if each.type == kind) for kind in {e.type for e in there}}


def linked_by(link: Link, cluster: Cluster, sides: Sequence[Side], ends: Ends) -> str:
    """Who linked it so, several joined by "and"; empty where nobody did: the gold link names theirs as sources."""
    sources = {source.item for source in link.made.sources}
    names = [
        side.name
        for side, mark in zip(sides, cluster.members, strict=True)
        if mark is not None and sources & {ref_to(each) for each in ends.of(mark).values()}
    ]
    return " and ".join(names)
