"""Long work on a session, as the database remembers it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from woz.model.ids import JobId, SessionId


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    DOUBTFUL = "doubtful"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Job:
    id: JobId
    session_id: SessionId
    kind: str
    state: JobState
    message: str
    made_utc_ns: int
    ended_utc_ns: int | None = None
