"""What a document shows: its items by kind, and those of each tier by time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar, cast

from woz.annotation.conflict import OverlapError
from woz.annotation.ordered import Ordered
from woz.annotation.ports import Schemes
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, TierId
from woz.model.item import ItemRef, ref_to
from woz.model.kinds import KINDS, Item
from woz.model.scheme import Overlap, Shape, TierType
from woz.model.tier import Tier
from woz.model.transcript import Turn

T = TypeVar("T")
_ANYTHING = TierType("", shape=Shape.ANY, overlap=Overlap.ANY)


class Shown:
    """No change of an item takes longer for how many there are."""

    def __init__(self, items: Iterable[Item], schemes: Schemes) -> None:
        self._schemes = schemes
        self._items: dict[type, dict[str, Item]] = {kind.value: {} for kind in KINDS.values()}
        for item in items:
            self._items[type(item)][str(item.id)] = item
        by_tier: dict[TierId, list[Annotation]] = {}
        self._untimed: dict[TierId, dict[AnnotationId, Annotation]] = {}
        for annotation in self.of(Annotation):
            if annotation.start_ns is None:
                self._untimed.setdefault(annotation.tier_id, {})[annotation.id] = annotation
            else:
                by_tier.setdefault(annotation.tier_id, []).append(annotation)
        self._timed = {tier_id: Ordered(found) for tier_id, found in by_tier.items()}
        self._turns = Ordered(self.of(Turn))
        self._turns_now: tuple[Turn, ...] | None = None

    # reading

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for found in self._items.values() for item in found.values())

    def of(self, kind: type[T]) -> tuple[T, ...]:
        return cast("tuple[T, ...]", tuple(self._items[kind].values()))

    def get(self, ref: ItemRef) -> Item | None:
        return self._items[KINDS[ref.kind].value].get(ref.id)

    def annotation(self, annotation_id: AnnotationId) -> Annotation:
        return cast(Annotation, self._items[Annotation][annotation_id])

    @property
    def turns(self) -> tuple[Turn, ...]:
        if self._turns_now is None:
            self._turns_now = tuple(self._turns)
        return self._turns_now

    def turns_between(self, start_ns: int, end_ns: int) -> list[Turn]:
        return self._turns.between(start_ns, end_ns)

    def timed(self, tier_id: TierId) -> Ordered[Annotation]:
        return self._timed.setdefault(tier_id, Ordered())

    def untimed(self, tier_id: TierId) -> tuple[Annotation, ...]:
        return tuple(self._untimed.get(tier_id, {}).values())

    def tier_type(self, tier: Tier) -> TierType:
        """Of a version that isn't known, as in the newest that is; a tier whose scheme isn't may hold anything."""
        scheme = self._schemes.get((tier.scheme_id, tier.scheme_version))
        if scheme is None:
            known = (each for each in self._schemes.values() if each.id == tier.scheme_id)
            scheme = max(known, key=lambda each: each.version, default=None)
        return scheme.tier_type(tier.tier_type) if scheme else _ANYTHING

    # changing

    def know(self, schemes: Schemes) -> None:
        self._schemes = schemes

    def replace(self, before: Sequence[Item], after: Sequence[Item]) -> None:
        """Raises OverlapError, and changes nothing, where an annotation would cover another that it may not."""
        self._swap(before, after)
        old = {item.id: item for item in before if isinstance(item, Annotation)}
        for item in after:
            if isinstance(item, Annotation) and self._covers(old.get(item.id), item):
                self._swap(after, before)
                raise OverlapError(ref_to(item))

    def put(self, ref: ItemRef, item: Item | None) -> set[type]:
        """Have an item, or none, by a name; the answer is its kind where that changes anything."""
        was = self.get(ref)
        if was == item:
            return set()
        self._swap([was] if was is not None else [], [item] if item is not None else [])
        return {KINDS[ref.kind].value}

    def _swap(self, before: Sequence[Item], after: Sequence[Item]) -> None:
        """An item that stays keeps its place among its kind."""
        staying = {(type(item), item.id) for item in after}
        for item in before:
            self._out(item)
            if (type(item), item.id) not in staying:
                del self._items[type(item)][str(item.id)]
        for item in after:
            self._items[type(item)][str(item.id)] = item
            self._in(item)

    def _in(self, item: Item) -> None:
        if isinstance(item, Turn):
            self._turns.add(item)
            self._turns_now = None
        elif isinstance(item, Annotation):
            if item.start_ns is None:
                self._untimed.setdefault(item.tier_id, {})[item.id] = item
            else:
                self.timed(item.tier_id).add(item)

    def _out(self, item: Item) -> None:
        if isinstance(item, Turn):
            self._turns.remove(item)
            self._turns_now = None
        elif isinstance(item, Annotation):
            if item.start_ns is None:
                del self._untimed[item.tier_id][item.id]
            else:
                self.timed(item.tier_id).remove(item)

    # checking

    def _covers(self, before: Annotation | None, after: Annotation) -> bool:
        """As the store checks it: only what was made or moved, and only its neighbours where none may overlap."""
        if after.end_ns is None or (before is not None and _place(before) == _place(after)):
            return False
        tier = self._items[Tier].get(after.tier_id)
        allowed = self.tier_type(tier).overlap if isinstance(tier, Tier) else Overlap.ANY
        if allowed == Overlap.ANY:
            return False
        others = self._neighbours(after) if allowed == Overlap.NONE else self._alike(after)
        return any(other.interval.intersects(after.interval) for other in others)

    def _neighbours(self, annotation: Annotation) -> list[Annotation]:
        ordered = self.timed(annotation.tier_id)
        at = ordered.place(annotation)
        return [each for each in ordered[max(0, at - 2) : at + 3] if each.id != annotation.id]

    def _alike(self, annotation: Annotation) -> list[Annotation]:
        span = annotation.interval
        near = self.timed(annotation.tier_id).between(span.start_ns, span.end_ns)
        return [each for each in near if each.id != annotation.id and each.label == annotation.label]


def _place(annotation: Annotation) -> tuple[Any, ...]:
    return annotation.tier_id, annotation.start_ns, annotation.end_ns, annotation.label
