"""What tier types are called where several schemes may have one of the same key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from woz.lab.library import SessionFacts


def type_names(sessions: Iterable[SessionFacts]) -> dict[tuple[str, str], str]:
    """By scheme and key, of the tiers that annotators have: the key, as SCHEME/KEY where they have tiers of several
    schemes with it.
    """
    schemes: dict[str, set[str]] = defaultdict(set)
    for tier in (tier for facts in sessions for tier in facts.tiers if tier.annotator_id):
        schemes[tier.tier_type].add(tier.scheme_id)
    return {(of, key): f"{of}/{key}" if len(those) > 1 else key for key, those in schemes.items() for of in those}
