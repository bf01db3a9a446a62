"""What was given to an annotator who works elsewhere: sessions in one encrypted file, until a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from woz.model.ids import AnnotatorId, PackageId, SessionId


class PackageState(StrEnum):
    OUT = "out"
    RETURNED = "returned"
    """Work came back at least once; the annotator still has the recordings."""
    DELETED = "deleted"
    """The annotator said that nothing of it is left with them."""


@dataclass(frozen=True, slots=True)
class Package:
    """`pseudonym` is the annotator's when it was made, `by` who made it. `holds` names in words what of each
    session is in it. `until` is its last day, in UTC. `because` says why recordings may leave the lab of people who
    did not agree to that; empty where all did.
    """

    id: PackageId
    annotator_id: AnnotatorId
    pseudonym: str
    sessions: tuple[SessionId, ...]
    holds: tuple[str, ...]
    made_utc_ns: int
    by: str
    until: date
    because: str = ""
    returned_utc_ns: int | None = None
    deleted_utc_ns: int | None = None

    @property
    def state(self) -> PackageState:
        if self.deleted_utc_ns is not None:
            return PackageState.DELETED
        return PackageState.OUT if self.returned_utc_ns is None else PackageState.RETURNED


def end_utc_ns(until: date) -> int:
    """The first moment after a day, in UTC."""
    begun = datetime.combine(until, datetime.min.time(), UTC)
    return round(begun.timestamp() + timedelta(days=1).total_seconds()) * 10**9
