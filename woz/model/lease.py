"""Who is in a tier: a sign on the door, no lock."""

from __future__ import annotations

from dataclasses import dataclass

from woz.base.interval import NS_PER_S
from woz.model.ids import AnnotatorId, TierId

STALE_NS = 120 * NS_PER_S
"""A lease that nobody renewed for so long is stale: its window was closed, or lost the database."""


@dataclass(frozen=True, slots=True)
class Lease:
    """`seat` names one window of one computer. All times are the database's, which is the same for all.

    `idle_ns` is how long ago it was renewed, when it was read.
    """

    tier_id: TierId
    annotator_id: AnnotatorId
    seat: str
    taken_utc_ns: int
    idle_ns: int

    @property
    def stale(self) -> bool:
        return self.idle_ns >= STALE_NS
