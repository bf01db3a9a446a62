"""What an edit makes of what is stored: item by item, merged field by field with what others did meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from woz.annotation.conflict import Clash
from woz.annotation.edits import Edit
from woz.annotation.logged import ItemChange
from woz.model.item import ItemRef, ref_to
from woz.model.item_merge import differences, merge
from woz.model.kinds import Item


@dataclass(frozen=True, slots=True)
class Settled:
    """What is to be done, or, where there is any clash, why nothing is."""

    changes: tuple[ItemChange, ...]
    clashes: tuple[Clash, ...]


def touched(edit: Edit) -> tuple[ItemRef, ...]:
    return tuple(dict.fromkeys(ref_to(item) for item in (*edit.before, *edit.after)))


def settle(edit: Edit, stored: Mapping[ItemRef, tuple[Item, int | None]]) -> Settled:
    before, after = ({ref_to(item): item for item in items} for items in (edit.before, edit.after))
    changes, clashes = [], []
    for ref in touched(edit):
        theirs = stored[ref][0] if ref in stored else None
        found = _settle_one(ref, before.get(ref), after.get(ref), theirs)
        if isinstance(found, Clash):
            clashes.append(found)
        elif found.before != found.after:
            changes.append(found)
    return Settled(tuple(changes), tuple(clashes))


def _settle_one(ref: ItemRef, base: Item | None, mine: Item | None, theirs: Item | None) -> ItemChange | Clash:
    if base == theirs or mine == theirs:
        return ItemChange(ref, theirs, mine)
    if base is None or mine is None or theirs is None:
        return _settle_gone(ref, base, mine, theirs)
    merged = merge(base, mine, theirs)
    return Clash(ref, merged.fields, theirs) if merged.fields else ItemChange(ref, theirs, merged.item)


def _settle_gone(ref: ItemRef, base: Item | None, mine: Item | None, theirs: Item | None) -> ItemChange | Clash:
    """One side made the item or took it away. What only says who made it is no change that stands in the way."""
    if base is not None and mine is None and theirs is not None and not differences(base, theirs):
        return ItemChange(ref, theirs, None)
    return Clash(ref, (), theirs)
