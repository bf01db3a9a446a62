"""Which marks of several annotators are of the same thing, and in what these differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from woz.annotation.measures.pairing import paired
from woz.annotation.measures.segment import mark_of
from woz.base.interval import Interval
from woz.model.annotation import Annotation, Attribute
from woz.model.tier import Tier


@dataclass(frozen=True, slots=True)
class Side:
    """What one annotator marked; `windows` are where they were asked to, none of them is everywhere."""

    name: str
    tier: Tier
    marks: tuple[Annotation, ...]
    windows: tuple[Interval, ...] = ()

    def asked(self, span: Interval) -> bool:
        return not self.windows or any(span.start_ns in each or span.intersects(each) for each in self.windows)


def sides_of(tiers: Iterable[Tier], marks: Iterable[Annotation]) -> tuple[Side, ...]:
    """Each tier by itself, with those of the marks that lie in it."""
    within: dict[str, list[Annotation]] = {}
    for mark in marks:
        within.setdefault(mark.tier_id, []).append(mark)
    return tuple(Side(tier.name, tier, tuple(within.get(tier.id, ()))) for tier in tiers)


class MatterKind(StrEnum):
    """What is to be decided."""

    PRESENCE = "there or not"
    LABEL = "label"
    BOUNDARY = "boundaries"
    ATTRIBUTE = "attribute"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Cluster:
    """One thing, as each of the sides marked it, in their order; None where one did not."""

    members: tuple[Annotation | None, ...]

    @property
    def there(self) -> tuple[Annotation, ...]:
        return tuple(each for each in self.members if each)

    @property
    def span(self) -> Interval:
        """From the first start to the last end; empty at 0 for what has no time."""
        known = [each.interval for each in self.there if each.start_ns is not None]
        return Interval(min(i.start_ns for i in known), max(i.end_ns for i in known)) if known else Interval(0, 0)


@dataclass(frozen=True, slots=True)
class Matter:
    """Something to decide about a cluster; `key` is the attribute's, or the link's type."""

    cluster: Cluster
    kind: MatterKind
    key: str = ""

    @property
    def name(self) -> str:
        """As it is remembered with what was decided."""
        return f"{self.kind} {self.key}" if self.key else str(self.kind)


def clusters(sides: Sequence[Side]) -> list[Cluster]:
    """By time; each mark is in one of them."""
    groups: list[list[Annotation | None]] = []
    for at, side in enumerate(sides):
        known = {str(i): group for i, group in enumerate(groups)}
        marks = {str(each.id): each for each in side.marks}
        first = {i: next(each for each in group if each) for i, group in known.items()}
        found = paired(
            [replace(mark_of(each), id=i) for i, each in first.items()], [mark_of(each) for each in marks.values()]
        )
        for a, b in found.pairs:
            if _alike(first[a.id], marks[b.id]):
                known[a.id].append(marks.pop(b.id))
        for group in groups:
            group.extend([None] * (at + 1 - len(group)))
        groups += [[*([None] * at), each] for each in marks.values()]
    made = [Cluster((*group, *([None] * (len(sides) - len(group))))) for group in groups]
    return sorted(made, key=lambda each: (each.span, each.there[0].label))


def _alike(one: Annotation, other: Annotation) -> bool:
    """Whether both are intervals, or both points, or both without time."""
    return (one.start_ns is None, one.end_ns is None) == (other.start_ns is None, other.end_ns is None)


def matters(cluster: Cluster, sides: Sequence[Side], tolerance_ns: int) -> list[Matter]:
    """In the order in which they are decided; nothing where all agree who were asked."""
    found = []
    asked = zip(cluster.members, sides, strict=True)
    if any(member is None and side.asked(cluster.span) for member, side in asked):
        found.append(Matter(cluster, MatterKind.PRESENCE))
    if len({each.label for each in cluster.there}) > 1:
        found.append(Matter(cluster, MatterKind.LABEL))
    if max(_spread(cluster, "start_ns"), _spread(cluster, "end_ns")) > tolerance_ns:
        found.append(Matter(cluster, MatterKind.BOUNDARY))
    keys = sorted({each.key for mark in cluster.there for each in mark.attributes})
    apart = (key for key in keys if len({values(mark, key) for mark in cluster.there}) > 1)
    return found + [Matter(cluster, MatterKind.ATTRIBUTE, key) for key in apart]


def values(mark: Annotation, key: str) -> tuple[Attribute, ...]:
    """All that it has of an attribute, in an order that doesn't depend on the annotator's."""
    return tuple(sorted((each for each in mark.attributes if each.key == key), key=repr))


def _spread(cluster: Cluster, name: str) -> int:
    times = [time for each in cluster.there if (time := getattr(each, name)) is not None]
    return max(times) - min(times) if times else 0
