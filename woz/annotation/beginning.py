"""Work that was given comes into work with the first mark that its annotator makes, changes or takes away.

The move is a change of the same edit: both are made or neither, and the history says by whom. Taking the mark back
leaves the work begun. Golds stay as they are, since what all agree on comes into them unasked. What comes back of a
package begins in the project what it began there, where that waits as it did then: it may have been returned since.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from woz.annotation.edits import Edit
from woz.annotation.logged import ItemChange
from woz.annotation.tier_states import moves_for
from woz.model.annotation import Annotation
from woz.model.annotator import Annotator
from woz.model.assignment import Assignment, Part
from woz.model.ids import TierId
from woz.model.item import ItemRef, ref_to
from woz.model.kinds import Item
from woz.model.tier import Tier, TierState

WAITING = frozenset({TierState.ASSIGNED, TierState.RETURNED})
"""Work that its annotator is to begin, or to take up again."""
_BEGUN_OR_NOT = {*((each, TierState.IN_WORK) for each in WAITING), (TierState.IN_WORK, TierState.ASSIGNED)}
"""The state that a move is from, and the one that is there: nobody is overruled who returned it meanwhile."""
Beginnings = Mapping[TierId, TierState]
"""Tiers that came into work with marks, and in which state they waited."""


def begun(
    changes: Sequence[ItemChange],
    tiers: Mapping[TierId, Tier],
    work: Mapping[TierId, Assignment],
    person: Annotator,
    only: Beginnings | None = None,
) -> tuple[ItemChange, ...]:
    """The tiers that come into work by somebody's changes; `tiers` and `work` hold what these lie in, as it was.

    None that the changes make, move or change themselves, as a scheme's new version does; with `only`, none that
    doesn't wait as it says.
    """
    settled = {change.item for change in changes}
    marked = _marked(item for change in changes for item in (change.before, change.after))
    waiting = [tiers[each] for each in sorted(marked & tiers.keys() & work.keys())]
    if only is not None:
        waiting = [tier for tier in waiting if only.get(tier.id) == tier.state]
    return tuple(
        ItemChange(ref_to(tier), tier, replace(tier, state=TierState.IN_WORK))
        for tier in waiting
        if ref_to(tier) not in settled and _begins(tier, work[tier.id], person)
    )


def came_into_work(was: Item | None, now: Item | None) -> bool:
    """Whether nothing else became of a tier."""
    return isinstance(was, Tier) and was.state in WAITING and replace(was, state=TierState.IN_WORK) == now


def beginnings(edit: Edit) -> Beginnings:
    """What came into work by an edit, as the log has it."""
    before, after = _tiers(edit.before), _tiers(edit.after)
    marked = _marked((*edit.before, *edit.after))
    both = ((before[each], after[each]) for each in before.keys() & after.keys() & marked)
    return {was.id: was.state for was, now in both if came_into_work(was, now)}


def without_beginnings(edit: Edit) -> Edit:
    """Without the moves that came with its marks, and without the way back where it takes such marks back."""
    came = beginnings(edit).keys() | beginnings(edit.inverse()).keys()
    if not came:
        return edit
    left, made = (
        tuple(item for item in items if not (isinstance(item, Tier) and item.id in came))
        for items in (edit.before, edit.after)
    )
    return replace(edit, before=left, after=made)


def with_beginnings(edit: Edit, whole: Edit) -> Edit:
    """What is left of an edit with the moves that came with its marks, as far as marks of these tiers are left."""
    came = beginnings(whole).keys() & _marked((*edit.before, *edit.after))
    before, after = _tiers(whole.before), _tiers(whole.after)
    moves = [(before[each], after[each]) for each in sorted(came)]
    was, now = (tuple(pair[side] for pair in moves) for side in (0, 1))
    return replace(edit, before=(*edit.before, *was), after=(*edit.after, *now))


def moved_from_there(edit: Edit, stored: Mapping[ItemRef, tuple[Item, int | None]]) -> Edit:
    """A move as one of the tier as it is, where all that differs is whether its annotator began."""
    after = _tiers(edit.after)
    return replace(edit, before=tuple(_as_begun(item, after, stored) for item in edit.before))


def _as_begun(item: Item, after: Mapping[TierId, Tier], stored: Mapping[ItemRef, tuple[Item, int | None]]) -> Item:
    now, _ = stored.get(ref_to(item), (None, None))
    if not isinstance(item, Tier) or not isinstance(now, Tier) or item.id not in after:
        return item
    moves = after[item.id].state != item.state
    return replace(item, state=now.state) if moves and (item.state, now.state) in _BEGUN_OR_NOT else item


def _begins(tier: Tier, work: Assignment, person: Annotator) -> bool:
    own = tier.annotator_id == work.annotator_id == person.id and work.part != Part.ADJUDICATOR
    return own and tier.state in WAITING and TierState.IN_WORK in moves_for(tier, person)


def _marked(items: Iterable[Item | None]) -> set[TierId]:
    return {item.tier_id for item in items if isinstance(item, Annotation)}


def _tiers(items: Iterable[Item]) -> dict[TierId, Tier]:
    return {item.id: item for item in items if isinstance(item, Tier)}
