"""Work that was given to somebody: a tier type of a session, whole or in windows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from woz.base.interval import Interval
from woz.model.ids import AnnotatorId, AssignmentId, SessionId, TierId


class Part(StrEnum):
    """As what somebody works on a tier type of a session."""

    FIRST = "first"
    SECOND = "second"
    ADJUDICATOR = "adjudicator"


@dataclass(frozen=True, slots=True)
class Assignment:
    """The tier `tier_id` is what they fill; how far the work is stands there, in its state.

    `windows` are disjoint and in order, none of them is the whole session; `drawn` says how they were chosen.
    """

    id: AssignmentId
    session_id: SessionId
    tier_type: str
    annotator_id: AnnotatorId
    part: Part
    tier_id: TierId
    windows: tuple[Interval, ...] = ()
    drawn: str = ""
    by: str = ""
    made_utc_ns: int = 0

    def covers(self, span: Interval) -> bool:
        """Whether something at this place belongs to the work; a point does where a window holds it."""
        return not self.windows or any(
            span.start_ns in window or span.intersects(window) for window in self.windows
        )
