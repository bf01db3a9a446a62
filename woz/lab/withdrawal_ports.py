"""What a withdrawal asks of a project's store; `storage` answers. All raise WozError where it can't be reached."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from woz.annotation.withdrawn import Scope, Words
from woz.base.interval import Interval
from woz.model.ids import ParticipantId, QuestionId, SessionId


@dataclass(frozen=True, slots=True)
class Extent:
    """What a withdrawal reaches in the database of one session.

    `rows` counts by kind, `words` is what was said, `spoken` when, as the trainee heard it.
    """

    rows: Mapping[str, int]
    words: Words
    spoken: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class Begun:
    """A withdrawal as the store knows it; `plan` and `certificate` are JSON, the latter empty until it ended."""

    by: str
    begun_utc_ns: int
    plan: str
    ended_utc_ns: int | None
    certificate: str


@dataclass(frozen=True, slots=True)
class SoFar:
    """Which withdrawals there were: `mark` names them, another one once one begins or ends, empty while there was
    none; `sessions` has those that they reach, each with a mark of its own. While one is `under_way`, it isn't
    known yet what it takes away elsewhere.
    """

    mark: str = ""
    sessions: Mapping[SessionId, str] = field(default_factory=dict)
    under_way: bool = False


class Withdrawals(Protocol):
    def reading_once(self) -> Withdrawals:
        """The same for one that is carried out: questions of other sessions are read once for all of its sessions,
        and anew only where somebody changed something meanwhile.
        """
        ...

    def extent(self, scope: Scope) -> Extent: ...

    def extents(self, scopes: Sequence[Scope]) -> list[Extent]:
        """Of several sessions, a row that more than one of them reaches counted in the first only."""
        ...

    def erase(self, scope: Scope) -> None: ...

    def refused(self) -> str:
        """Why whoever is here may not carry one out whole, and who may how; empty where they may."""
        ...

    def begin(self, participant_id: ParticipantId, by: str, plan: str) -> Begun: ...

    def found(self, participant_id: ParticipantId) -> Begun | None: ...

    def end(self, participant_id: ParticipantId, certificate: str) -> None: ...

    def so_far(self) -> SoFar: ...

    def touched(self, question_id: QuestionId) -> bool:
        """Whether one took something out of a question set, be it of another session that had taken it over."""
        ...

    def answers(self, texts: Collection[str]) -> set[str]:
        """Those of these texts that answer a question, as it is now."""
        ...

    def annotators(self, session_id: SessionId) -> tuple[str, ...]: ...

    def at_work(self, session_id: SessionId) -> tuple[str, ...]:
        """Who is in a tier of a session now, by pseudonym."""
        ...

    def holding(self, texts: Sequence[str]) -> tuple[str, ...]:
        """The names of tables that hold one of these texts. Reads everything."""
        ...

    def scrub(self) -> None: ...
