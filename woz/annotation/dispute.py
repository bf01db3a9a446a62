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
    """My edit as I made it, and where it clashed.

    Of an undo or a redo, the edit is what it would have done, and `undoes` the id of what it takes back.
    """

    edit: Edit
    clashes: tuple[Clash, ...]
    undoes: int | None = None
    redo: bool = False

    def mine(self, ref: ItemRef, shown: Shown) -> Item | None:
        """An item as it would be: what others made of it, with what I changed of it over that."""
        base, wanted = (_by_ref(items).get(ref) for items in (self.edit.before, self.edit.after))
        theirs = shown(ref)
        return wanted if base is None or wanted is None or theirs is None else insist(base, wanted, theirs)

    def insisted(self, shown: Shown) -> Edit:
        """The edit that puts mine over theirs; it changes nothing where they are the same by now."""
        return self._over(shown, lambda ref: self.mine(ref, shown))

    def undisputed(self, shown: Shown) -> Edit:
        """As much of the edit as clashes with nothing: in a field that both changed, theirs stays."""
        clashes = {clash.item: clash.fields for clash in self.clashes}

        def left(ref: ItemRef) -> Item | None:
            base, wanted = (_by_ref(items).get(ref) for items in (self.edit.before, self.edit.after))
            theirs = shown(ref)
            if ref not in clashes:
                return self.mine(ref, shown)
            return insist(base, theirs, wanted) if clashes[ref] and base and wanted and theirs else theirs

        return self._over(shown, left)

    def _over(self, shown: Shown, made: Shown) -> Edit:
        """What is shown replaced by what is made of it, as far as that differs."""
        pairs = [(shown(ref), made(ref)) for ref in touched(self.edit)]
        differing = [(before, after) for before, after in pairs if before != after]
        return Edit(
            self.edit.name,
            tuple(before for before, _ in differing if before is not None),
            tuple(after for _, after in differing if after is not None),
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
