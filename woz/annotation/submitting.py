"""A tier is submitted only without errors, and begun; what has errors is saved all the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from woz.annotation.edits import Edit
from woz.base.errors import WozError
from woz.model.tier import Tier, TierState
from woz.schemes.finding import Finding, blocking

FROM = frozenset({TierState.ASSIGNED, TierState.IN_WORK, TierState.RETURNED})


class SubmissionError(WozError):
    """A tier isn't submitted, since it has errors by its scheme."""


def asks_for_check(tier: Tier, to: TierState) -> bool:
    """Whether this move is the submission of somebody's work."""
    return to == TierState.SUBMITTED and tier.state in FROM


def refuse_errors(tier: Tier, found: Sequence[Finding]) -> None:
    """`found` is what the tier lacks by its scheme. Raises SubmissionError with the first that blocks it, if any
    does.
    """
    wrong = blocking(found)
    if not wrong:
        return
    more = f" and mend {len(wrong) - 1} more that woz check lists" if len(wrong) > 1 else ""
    raise SubmissionError(f"{tier.name} can't be submitted yet; mend this first{more}: {wrong[0].words}")


def submitted(edit: Edit) -> list[Tier]:
    """The tiers that an edit submits, as it leaves them."""
    before = {each.id: each for each in edit.before if isinstance(each, Tier)}
    return [
        each
        for each in edit.after
        if isinstance(each, Tier) and each.id in before and asks_for_check(before[each.id], each.state)
    ]


def in_work(edit: Edit, why: str) -> Edit:
    """The same edit, by which what it would submit is in work instead; an empty one where it is so already."""
    tiers = {each.id: each for each in submitted(edit)}
    after = tuple(
        replace(each, state=TierState.IN_WORK) if isinstance(each, Tier) and each.id in tiers else each
        for each in edit.after
    )
    names = ", ".join(each.name for each in tiers.values())
    return Edit(f"Move {names} to {TierState.IN_WORK}", edit.before, after, why)
