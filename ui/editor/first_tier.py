"""In which tier somebody begins who chose none yet."""

from __future__ import annotations

from collections.abc import Sequence

from woz.annotation.tier_states import OPEN
from woz.model.tier import Tier


def first_tier(tiers: Sequence[Tier], by: str) -> Tier | None:
    """What one was given to do comes before what others or machines have made; `by` is an annotator's id."""
    own = (each for each in tiers if each.annotator_id == by and each.state in OPEN)
    return next(own, next(iter(tiers), None))
