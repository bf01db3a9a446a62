"""One window's way into tiers: it takes the lease of the tier that it is in, and sees who is in others."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field

from woz.annotation.leasing import LeaseError
from woz.lab.ports import Leases
from woz.model.ids import AnnotatorId, TierId


@dataclass(frozen=True, slots=True)
class Inside:
    """How it is with a tier. `other` says who else is in it, empty where nobody is; `stale`: they may have gone.

    `elsewhere` has the pseudonyms of those who are in other tiers.
    """

    other: str = ""
    stale: bool = False
    elsewhere: Mapping[TierId, str] = field(default_factory=dict)


class Door:
    """`seat` names this window; `names` has annotators' pseudonyms. All may raise WozError of the store."""

    def __init__(self, leases: Leases, by: AnnotatorId, seat: str, names: Mapping[str, str]) -> None:
        self._leases, self._by, self._seat, self._names = leases, by, seat, names

    def enter(self, tier_id: TierId, word: str = "") -> Inside:
        """Be in this tier, and in no other; with a word, also where somebody left a stale lease."""
        self._leases.leave(self._seat)
        return self._taken(tier_id, word)

    def stay(self, tier_id: TierId) -> Inside:
        """Still there; in again where whoever was in it has left meanwhile."""
        if self._leases.renew(tier_id, self._seat):
            return Inside(elsewhere=self._elsewhere(tier_id))
        mine = next((each for each in self._leases.all() if each.tier_id == tier_id), None)
        if mine and mine.annotator_id == self._by and not mine.stale:
            return Inside(f"You are in this tier in another window, too ({mine.seat}).")
        return self._taken(tier_id, "")

    def leave(self) -> None:
        self._leases.leave(self._seat)

    def _taken(self, tier_id: TierId, word: str) -> Inside:
        try:
            self._leases.take(tier_id, self._by, self._seat, word)
        except LeaseError as error:
            return Inside(str(error), error.lease.stale, self._elsewhere(tier_id))
        return Inside(elsewhere=self._elsewhere(tier_id))

    def _elsewhere(self, tier_id: TierId) -> dict[TierId, str]:
        others = (each for each in self._leases.all() if each.tier_id != tier_id and each.annotator_id != self._by)
        return {each.tier_id: self._names.get(each.annotator_id, "?") for each in others if not each.stale}


def own_seat() -> str:
    """This computer and this window."""
    return f"{socket.gethostname()}, window {os.getpid()}"
