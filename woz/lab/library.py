"""What a lab wants to know of each of its sessions, and how far the work on them is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from woz.model.ids import SessionId
from woz.model.people import ConsentKind
from woz.model.session import Session
from woz.model.tier import TierState

CODED = frozenset({TierState.SUBMITTED, TierState.ACCEPTED, TierState.ADJUDICATED, TierState.LOCKED})
"""States in which an annotator calls the work done; a tier that was returned is not."""
REVIEWED = frozenset({TierState.ACCEPTED, TierState.ADJUDICATED, TierState.LOCKED})
DEMANDED = (ConsentKind.PRIVACY, ConsentKind.RECORDING)
"""To what everybody in a session must have agreed before it may be kept."""


@dataclass(frozen=True, slots=True)
class TierFact:
    """A tier as far as its work goes. `annotator_id` is empty for a machine's; times are UTC in ns, 0 for never.

    `gold` is what an adjudicator makes of the others'; a tier that is `after_gold` was made once that was
    submitted, to be measured by it. `machine` is the name of what made a tier that is nobody's. `given_ns` is how
    long the windows are in which it was given to somebody, also where that was taken back, None where that was the
    whole session.
    """

    tier_id: str
    tier_type: str
    state: TierState
    annotator_id: str
    coded_utc_ns: int = 0
    reviewed_utc_ns: int = 0
    gold: bool = False
    scheme_id: str = ""
    after_gold: bool = False
    given_ns: int | None = None
    machine: str = ""

    @property
    def type_id(self) -> tuple[str, str]:
        """What names its tier type: another scheme may have one with the same key."""
        return self.scheme_id, self.tier_type


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """`people` are pseudonyms, `lacking` those who haven't agreed to what is demanded, or have withdrawn.

    `transcript` is the newest one's origin, empty for none; `consents` says of each kind who agreed, from when,
    and until when, None for no end (UTC in ns). `last_edit` is another number after each edit, 0 for none.
    """

    session: Session
    procedure: str = ""
    people: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    consents: tuple[tuple[str, ConsentKind, int, int | None], ...] = ()
    transcript: str = ""
    transcribed_utc_ns: int = 0
    tiers: tuple[TierFact, ...] = ()
    questions: int = 0
    accepted_questions: int = 0
    touched_utc_ns: int = 0
    last_edit: int = 0

    @property
    def hours(self) -> float:
        return (self.session.duration_ns or 0) / 3.6e12

    def ended(self, utc_ns: int) -> tuple[str, ...]:
        """Of whom a consent has ended by then, of each kind the newest counting, by pseudonym."""
        newest = {(who, kind): until for who, kind, _, until in sorted(self.consents, key=lambda each: each[2])}
        over = (who for (who, _), until in newest.items() if until is not None and until <= utc_ns)
        return tuple(dict.fromkeys(over))


@dataclass(frozen=True, slots=True)
class Released:
    """A release that was built from the project: where, when, and of which sessions it holds something.

    `groups` has the split of each group, and of each person who is in one, `split_by` what these are; empty of one
    that an older woz built.
    """

    name: str
    version: str
    path: str
    made_utc_ns: int
    sessions: tuple[SessionId, ...]
    split_by: str = ""
    groups: Mapping[str, str] = field(default_factory=dict)

    @property
    def called(self) -> str:
        return f"{self.name} {self.version}"


@dataclass(frozen=True, slots=True)
class Planned:
    """How many hours are to be recorded, until the end of a month (2027-03; empty for no date)."""

    hours: float
    month: str = ""


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What an annotator did: edits, and marks in their tiers that other people changed or took away later."""

    id: str
    pseudonym: str
    assigned: int = 0
    edits: int = 0
    changed_by_others: int = 0
