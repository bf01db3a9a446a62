"""Which of several tiers of one name is meant."""

from __future__ import annotations

from collections.abc import Sequence

from woz.model.tier import Tier


def which_tier(tier: Tier, tiers: Sequence[Tier]) -> str:
    """Which one it is, from above, where several have its name; else empty."""
    alike = [each.id for each in tiers if each.name == tier.name]
    return f"{tier.name}: {alike.index(tier.id) + 1} of {len(alike)} tiers of this name" if len(alike) > 1 else ""
