"""An edit that was refused because others changed the same: kept until its annotator says whose values hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from woz.annotation.conflict import Clash
from woz.annotation.edits import Edit
from woz.annotation.settling import touched
from woz.model.item import ItemRef, ref_to
from woz.model.item_merge import differences, insist
from woz.model.kinds import Item

Shown = Callable[[ItemRef], Item | None]
"""An item as it is now; None where it is gone."""


@dataclass(frozen=True, slots=True, eq=False)
class Dispute:
    """My edit as I made it, and where it clashed."""

    edit: Edit
    clashes: tuple[Clash, ...]

    def mine(self, ref: ItemRef, shown: Shown) -> Item | None:
        """An item as it would be: what others made of it, with what I changed of it over that."""
        base, wanted = (_by_ref(items).get(ref) for items in (self.edit.before, self.edit.after))
        theirs = shown(ref)
        return wanted if base is None or wanted is None or theirs is None else insist(base, wanted, theirs)

    def insisted(self, shown: Shown) -> Edit:
        """The edit that puts mine over theirs; it changes nothing where they are the same by now."""
        refs = touched(self.edit)
        before = tuple(item for item in map(shown, refs) if item is not None)
        after = tuple(item for item in (self.mine(ref, shown) for ref in refs) if item is not None)
        same = {ref_to(item) for item in before} & {ref_to(item) for item in after if item == shown(ref_to(item))}
        return Edit(
            self.edit.name,
            tuple(item for item in before if ref_to(item) not in same),
            tuple(item for item in after if ref_to(item) not in same),
            self.edit.why,
        )

    def settled_by(self, edit: Edit) -> bool:
        """Whether a later edit of mine changes what is in dispute, so that nothing has to be asked any more."""
        before, after = _by_ref(edit.before), _by_ref(edit.after)
        return any(_decides(clash, before.get(clash.item), after.get(clash.item)) for clash in self.clashes)


def _decides(clash: Clash, before: Item | None, after: Item | None) -> bool:
    if before is None and after is None:
        return False
    if before is None or after is None or not clash.fields:
        return True
    return not differences(before, after).keys().isdisjoint(clash.fields)


def _by_ref(items: tuple[Item, ...]) -> dict[ItemRef, Item]:
    return {ref_to(item): item for item in items}
