"""Which tier one begins in, which comes next, and which one is meant where several have one name."""

from __future__ import annotations

from collections.abc import Sequence

from woz.annotation.tier_states import OPEN
from woz.model.tier import Tier


def first_tier(tiers: Sequence[Tier], by: str) -> Tier | None:
    """What one was given to do comes before what others or machines have made; `by` is an annotator's id."""
    own = (each for each in tiers if each.annotator_id == by and each.state in OPEN)
    return next(own, next(iter(tiers), None))


def tier_after(tier: Tier | None, tiers: Sequence[Tier], by: int) -> Tier:
    """So many further down, round in a circle; the first where none of them is chosen."""
    number = tiers.index(tier) if tier in tiers else -by
    return tiers[(number + by) % len(tiers)]


def which_tier(tier: Tier | None, tiers: Sequence[Tier]) -> str:
    """Which one it is, from above, where several have its name; else empty."""
    alike = [each.id for each in tiers if tier and each.name == tier.name]
    if tier is None or len(alike) < 2:
        return ""
    return f"{tier.name}: {alike.index(tier.id) + 1} of {len(alike)} tiers of this name"
