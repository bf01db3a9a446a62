"""Who annotates, under a pseudonym, and whose work they don't see."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from woz.base.interval import Interval
from woz.model.ids import AnnotatorId, BlindScopeId, SchemeId, SessionId

ANY_SCHEME = SchemeId("")
"""As the scheme of a scope: tier types with its key in every scheme."""


class AnnotatorRole(StrEnum):
    """What somebody may do with annotations."""

    ANNOTATOR = "annotator"
    ADJUDICATOR = "adjudicator"
    CURATOR = "curator"
    MANAGER = "manager"


@dataclass(frozen=True, slots=True)
class Annotator:
    """Somebody by pseudonym; the account they sit at is kept apart, and is never exported."""

    id: AnnotatorId
    pseudonym: str
    roles: tuple[AnnotatorRole, ...] = (AnnotatorRole.ANNOTATOR,)
    retired: bool = False


class BlindTo(StrEnum):
    """Whose work somebody doesn't see."""

    PEOPLE = "people"
    MACHINES = "machines"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class BlindScope:
    """Where an annotator doesn't see others' marks in tiers of a type; without `interval`, in all the session.

    `tier_type` is the type's key in the scheme `scheme_id`; another scheme may have a type with the same key.
    """

    id: BlindScopeId
    annotator_id: AnnotatorId
    session_id: SessionId
    tier_type: str
    interval: Interval | None = None
    to: BlindTo = BlindTo.BOTH
    scheme_id: SchemeId = ANY_SCHEME
