"""Who has several tiers of one type in a session: they count together, and that is said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from woz.base.counts import counted
from woz.lab.agreeing import Agreement
from woz.model.ids import TierId


def several_tiers(found: Agreement, who: str, sessions: Iterable[str]) -> dict[str, tuple[TierId, ...]]:
    """By session, of these, where they have several; `who` as they are called there."""
    made = {session: found.tiers.get(session, {}).get(who, ()) for session in sessions}
    return {session: tiers for session, tiers in made.items() if len(tiers) > 1}


def several_by_person(found: Iterable[tuple[str, Agreement]]) -> dict[str, int]:
    """Of each tier type that was compared: in how many sessions, of those in which somebody is compared, they have
    several; without who has none.
    """
    places: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for tier_type, each in found:
        for pair in each.pairs:
            names = [session.session for session in pair.sessions]
            for who in (pair.one, pair.other):
                places[who] |= {(tier_type, session) for session in several_tiers(each, who, names)}
    return {who: len(some) for who, some in places.items() if some}


def several_words(who: str, sessions: int) -> str:
    """As "A02 has several tiers of one type in 2 sessions; they count together."; empty for none."""
    if not sessions:
        return ""
    return f"{who} has several tiers of one type in {counted(sessions, 'session')}; they count together."
