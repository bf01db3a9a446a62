"""A dispute in words: what is asked, and what each side made of the item."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from woz.annotation.change_words import FieldChange, field_changes, told
from woz.annotation.conflict import Clash, field_words
from woz.annotation.dispute import Dispute, Shown
from woz.model.kinds import Item

GONE = "taken away"
NamesOf = Callable[[Item | None], Mapping[str, str]]
"""What people call things by their id where this item is told."""


@dataclass(frozen=True, slots=True)
class Sides:
    """`asked` names the item, the fields and who else changed them."""

    asked: str
    theirs: str
    mine: str


def sides(dispute: Dispute, shown: Shown, names: NamesOf) -> Sides | None:
    """None where both came to the same by now."""
    found = [(clash, shown(clash.item), dispute.mine(clash.item, shown)) for clash in dispute.clashes]
    open_ones = [(clash, theirs, mine) for clash, theirs, mine in found if theirs != mine]
    if not open_ones:
        return None
    theirs_words, mine_words = zip(*(_both(theirs, mine, names) for _, theirs, mine in open_ones), strict=True)
    clash, theirs, mine = open_ones[0]
    asked = _asked_back if dispute.undoes is not None else _asked
    what = asked(dispute, clash, theirs, mine, names)
    return Sides(what, "; ".join(theirs_words), "; ".join(mine_words))


def _named(clash: Clash, item: Item | None, names: NamesOf) -> tuple[str, str]:
    """Who changed it, and it."""
    return (
        clash.who or "Somebody else",
        f"{clash.item.kind} “{told(item, names(item))}”" if item else clash.item.kind,
    )


def _asked_back(dispute: Dispute, clash: Clash, theirs: Item | None, mine: Item | None, names: NamesOf) -> str:
    """What stands in the way of an undo or redo."""
    who, item = _named(clash, theirs or mine, names)
    what = f"{'Redo' if dispute.redo else 'Undo'} of “{dispute.edit.name}”"
    if theirs is None:
        return f"{what}: {who} took away the {item} since."
    if mine is None:
        return f"{what} would take away the {item}, which {who} changed since."
    return f"{what}: {who} changed {_fields(clash)} of the {item} since."


def _fields(clash: Clash) -> str:
    return " and ".join(map(field_words, clash.fields)) or "all"


def _asked(_: Dispute, clash: Clash, theirs: Item | None, mine: Item | None, names: NamesOf) -> str:
    who, item = _named(clash, theirs or mine, names)
    if theirs is None:
        return f"{who} took away the {item}, which you changed."
    if mine is None:
        return f"{who} changed the {item}, which you took away."
    return f"{who} and you both changed {_fields(clash)} of the {item}."


def _both(theirs: Item | None, mine: Item | None, names: NamesOf) -> tuple[str, str]:
    if theirs is None or mine is None:
        return _told(theirs, names), _told(mine, names)
    changes = field_changes(theirs, mine, names(mine))
    if len(changes) == 1:
        return changes[0].before, changes[0].after
    return _listed(changes, "before"), _listed(changes, "after")


def _told(item: Item | None, names: NamesOf) -> str:
    return GONE if item is None else told(item, names(item))


def _listed(changes: tuple[FieldChange, ...], side: str) -> str:
    return ", ".join(f"{change.name} {getattr(change, side)}" for change in changes)
