"""Whether somebody may go into a tier where somebody else may be."""

from __future__ import annotations

from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.model.ids import AnnotatorId
from woz.model.lease import Lease


class LeaseError(WozError):
    """Somebody else is in the tier; `lease` is theirs. It is taken over with a word where it is stale."""

    def __init__(self, sentence: str, lease: Lease) -> None:
        super().__init__(sentence)
        self.lease = lease


def demand_free(held: Lease | None, by: AnnotatorId, seat: str, word: str, who: str, tier: str) -> bool:
    """Whether it is taken over from somebody. `who` and `tier` are the names of who has it, and of what.

    Raises LeaseError where somebody else is in it, or was until a while ago and no word is given to them.
    """
    if held is None or held.seat == seat:
        return False
    seen = f"{who} is in {tier} at {held.seat}, last seen {_ago(held.idle_ns)} ago"
    if held.annotator_id == by:
        return False
    if not held.stale:
        raise LeaseError(f"{seen}; ask {who} to leave it, or choose another tier.", held)
    if not word.strip():
        raise LeaseError(f"{seen}; take it over with a word to {who}.", held)
    return True


def _ago(idle_ns: int) -> str:
    seconds = max(0, idle_ns) // NS_PER_S
    if seconds < 120:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 7200 else f"{seconds // 3600} h"
