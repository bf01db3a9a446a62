"""A tier is submitted only without errors, and begun; what has errors is saved all the same."""

from __future__ import annotations

from collections.abc import Sequence

from woz.base.errors import WozError
from woz.model.tier import Tier, TierState
from woz.schemes.finding import Finding, blocking

FROM = frozenset({TierState.ASSIGNED, TierState.IN_WORK, TierState.RETURNED})


def asks_for_check(tier: Tier, to: TierState) -> bool:
    """Whether this move is the submission of somebody's work."""
    return to == TierState.SUBMITTED and tier.state in FROM


def refuse_errors(tier: Tier, found: Sequence[Finding]) -> None:
    """`found` is what the tier lacks by its scheme. Raises WozError with the first that blocks it, if any does."""
    wrong = blocking(found)
    if not wrong:
        return
    more = f" and mend {len(wrong) - 1} more that woz check lists" if len(wrong) > 1 else ""
    raise WozError(f"{tier.name} can't be submitted yet; mend this first{more}: {wrong[0].words}")
