"""The steps of a session in which its questions may stand."""

from __future__ import annotations

from collections.abc import Iterable

from woz.model.annotation import Annotation
from woz.model.kinds import Item
from woz.model.own_schemes import STEPS
from woz.model.tier import SETTLED, Tier


def standing_steps(items: Iterable[Item]) -> list[Annotation]:
    """Of the tiers that are accepted, adjudicated or locked, where there are any: these a release takes, and a step
    that several people marked on the way there counts once. Else of all.
    """
    known = list(items)
    tiers = [item for item in known if isinstance(item, Tier) and item.tier_type == STEPS]
    settled = [tier for tier in tiers if tier.state in SETTLED]
    ids = {tier.id for tier in settled or tiers}
    return [item for item in known if isinstance(item, Annotation) and item.tier_id in ids]
