"""A tier: one annotator's, or a machine's, layer of one tier type over a session."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from woz.model.ids import AnnotatorId, SchemeId, SessionId, TierId
from woz.model.item import item_kind
from woz.model.made import Made


class TierState(StrEnum):
    """How far the work on a tier is."""

    ASSIGNED = "assigned"
    IN_WORK = "in work"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    ADJUDICATED = "adjudicated"
    LOCKED = "locked"


SETTLED = (TierState.ACCEPTED, TierState.ADJUDICATED, TierState.LOCKED)
"""Of tiers whose work is done and was taken."""


@item_kind("tier", owner="session", follows=frozenset({"made"}))
@dataclass(frozen=True, slots=True)
class Tier:
    """In a scheme's version; `annotator_id` is None for a machine's. `subject` is whose behaviour it tells of."""

    id: TierId
    session_id: SessionId
    scheme_id: SchemeId
    scheme_version: int
    tier_type: str
    name: str
    made: Made
    annotator_id: AnnotatorId | None = None
    subject: str = ""
    parent_id: TierId | None = None
    state: TierState = TierState.IN_WORK

    @property
    def type_id(self) -> tuple[SchemeId, str]:
        """What names its tier type: another scheme may have one with the same key."""
        return self.scheme_id, self.tier_type
