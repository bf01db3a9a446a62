"""A recorded session."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from woz.base.interval import Interval
from woz.model.ids import ParticipantId, ProcedureId, SessionId
from woz.model.people import Attendance
from woz.model.protocol import Protocol


class SessionState(StrEnum):
    RECORDING = "recording"
    CLOSED = "closed"
    RECOVERED = "recovered"


@dataclass(frozen=True, slots=True)
class DataSetSource:
    """The published data set that an imported session is of, and the licence that it is under."""

    source: str
    licence: str


@dataclass(frozen=True, slots=True)
class Take:
    """A part of a session that was performed in one go. `best_exo` is the view (camera) that shows it best."""

    name: str
    interval: Interval
    task: str = ""
    best_exo: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """A recorded session; `duration_ns` is None until it is closed."""

    id: SessionId
    title: str
    state: SessionState
    start_utc_ns: int
    duration_ns: int | None = None
    procedure_id: ProcedureId | None = None
    participants: tuple[ParticipantId, ...] = ()
    scenario: str = ""
    protocol: Protocol | None = None
    attendance: tuple[Attendance, ...] = ()
    """Of those participants of whom it is known."""
    provenance: DataSetSource | None = None
    """Of a session that was imported from a published data set."""
    place: str = ""
    """Where it was recorded: a room or a kitchen by its code."""
    takes: tuple[Take, ...] = ()
