"""One edit on many annotations: changed alike, taken away, copied to another time or tier."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from woz.annotation.edits import Edit
from woz.annotation.label_of import NAME, label_of
from woz.annotation.proposals.deciding import Room
from woz.annotation.shifting import shifted
from woz.base.counts import counted
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.model.annotation import Annotation, Attribute
from woz.model.ids import AnnotationId, TierId
from woz.model.made import Made
from woz.model.scheme import Label, Shape, TierType


def together(edits: Iterable[Edit]) -> Edit:
    """All as one; those that change nothing are left out."""
    done = [edit for edit in edits if edit]
    if not done:
        return Edit("Change nothing")
    name = done[0].name if len(done) == 1 else f"{done[0].name} ({counted(len(done), 'item')})"
    before = tuple(item for edit in done for item in edit.before)
    return Edit(name, before, tuple(item for edit in done for item in edit.after), done[0].why)


def delete_all(items: Sequence[Annotation]) -> Edit:
    return Edit(f"Delete {counted(len(items), 'item')}", tuple(items), ())


def copies(
    items: Sequence[Annotation],
    came_of: TierType,
    tier_id: TierId,
    tier_type: TierType,
    made: Made,
    new_id: Callable[[], AnnotationId],
    by_ns: int = 0,
    frames: Sequence[int] = (),
) -> list[Annotation]:
    """The same in a tier, so much later (ns), on `frames` again; labels are found there by id, key or name.

    Attributes that the tier type hasn't, and links to parents, are left behind. Raises WozError for a label that it
    hasn't, and for what its shape can't hold.
    """
    there = shifted(items, by_ns, frames)
    return [_copy(item, came_of, tier_id, tier_type, made, new_id()) for item in there]


def paste(name: str, new: Sequence[Annotation], existing: Iterable[Annotation], tier_type: TierType) -> Edit:
    """Raises WozError where one finds no room."""
    room = Room(existing, tier_type.overlap)
    for item in new:
        if not room.free(item):
            at_s = (item.start_ns or 0) / NS_PER_S
            raise WozError(f"There is something else at {at_s:.1f} s already, so nothing was put there.")
        room.fill(item)
    return Edit(f"{name} {counted(len(new), 'item')}", (), tuple(new))


def _copy(
    item: Annotation,
    came_of: TierType,
    tier_id: TierId,
    tier_type: TierType,
    made: Made,
    new_id: AnnotationId,
) -> Annotation:
    label = label_of(came_of, item)
    there = _label_there(label, tier_type)
    if there is None and not tier_type.open:
        raise WozError(f"{tier_type.name()} has no label “{label.name()}”; nothing was copied.")
    _require_shape(item, tier_type)
    known = {each.key for each in (*tier_type.attributes, *(there.attributes if there else ()))}
    kept = tuple(each for each in item.attributes if each.key in known)
    if there is None:
        kept = (*(each for each in kept if each.key != NAME), Attribute(NAME, label.name()))
    return replace(
        item,
        id=new_id,
        tier_id=tier_id,
        label=there.id if there else item.label,
        made=made,
        attributes=kept,
        confidence=None,
        parent_id=None,
    )


def _label_there(label: Label, tier_type: TierType) -> Label | None:
    offered = tier_type.offered
    ways: tuple[Callable[[Label], bool], ...] = (
        lambda each: each.id == label.id,
        lambda each: each.key == label.key,
        lambda each: each.name().lower() == label.name().lower(),
    )
    return next((each for way in ways for each in offered if way(each)), None)


def _require_shape(item: Annotation, tier_type: TierType) -> None:
    found = Shape.SESSION if item.start_ns is None else Shape.POINT if item.end_ns is None else Shape.INTERVAL
    if tier_type.shape not in (Shape.ANY, found):
        words = {Shape.SESSION: "what is for the whole session", Shape.POINT: "points", Shape.INTERVAL: "intervals"}
        raise WozError(f"{tier_type.name()} doesn't hold {words[found]}; nothing was copied.")
