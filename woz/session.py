"""What a recorded session consists of: its people, procedure, streams, transcript and questions."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import NewType

from woz.interval import Interval

SessionId = NewType("SessionId", str)
ParticipantId = NewType("ParticipantId", str)
ProcedureId = NewType("ProcedureId", str)
StepId = NewType("StepId", str)
StreamId = NewType("StreamId", str)
TranscriptId = NewType("TranscriptId", str)
TurnId = NewType("TurnId", str)
TierId = NewType("TierId", str)
SegmentId = NewType("SegmentId", str)
CodebookId = NewType("CodebookId", str)
QuestionId = NewType("QuestionId", str)
JobId = NewType("JobId", str)


def new_id() -> str:
    """A fresh identifier for anything but a session."""
    return uuid.uuid4().hex


def new_session_id(utc_ns: int) -> SessionId:
    """A session's identifier, which sorts by its start: 20260131-142501-3fa9."""
    stamp = datetime.fromtimestamp(utc_ns / 1e9, UTC).strftime("%Y%m%d-%H%M%S")
    return SessionId(f"{stamp}-{secrets.token_hex(2)}")


class Role(StrEnum):
    """Who somebody is in a session."""

    TRAINEE = "trainee"
    EXPERT = "expert"
    OTHER = "other"


class SessionState(StrEnum):
    RECORDING = "recording"
    CLOSED = "closed"
    RECOVERED = "recovered"


class Origin(StrEnum):
    """How a transcript or an annotation came to be."""

    RECOGNISED = "recognised"
    SCRIPT = "script"
    LIVE = "live"
    DERIVED = "derived"
    MANUAL = "manual"
    IMPORTED = "imported"


@dataclass(frozen=True, slots=True)
class Participant:
    id: ParticipantId
    pseudonym: str
    role: Role
    consent_utc_ns: int | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A key step of a procedure; `position` orders the steps of one parent from 0."""

    id: StepId
    name: str
    position: int
    parent_id: StepId | None = None
    prerequisites: tuple[StepId, ...] = ()


@dataclass(frozen=True, slots=True)
class Procedure:
    id: ProcedureId
    name: str
    steps: tuple[Step, ...] = ()


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


class StreamKind(StrEnum):
    VIEW = "view"
    TRAINEE_VOICE = "trainee"
    EXPERT_HEARD = "expert_heard"
    EXPERT_SAID = "expert_said"
    GAZE = "gaze"


@dataclass(frozen=True, slots=True)
class Stream:
    """One recorded stream: where it lies in the session's folder, and when it runs.

    `clock_map` is the JSON form of a `woz.sync.clockmap.ClockMap`, or None for streams whose time stamps are
    session time already.
    """

    id: StreamId
    session_id: SessionId
    kind: StreamKind
    path: str
    track: int
    interval: Interval
    clock_map: str | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    interval: Interval
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker says without a pause.

    `interval` is on the trainee's time line: for the expert it is *heard*, and `said` is when it was spoken at
    the expert's microphone. `voice` names a voice that diarization found ("other 1", "voice 2"), empty where the
    track says who speaks; `translation` is the text in English, `flags` say why words of it may be invented.
    """

    id: TurnId
    transcript_id: TranscriptId
    speaker: Role
    interval: Interval
    text: str
    said: Interval | None = None
    words: tuple[Word, ...] = ()
    confidence: float | None = None
    voice: str = ""
    translation: str = ""
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Transcript:
    id: TranscriptId
    session_id: SessionId
    origin: Origin
    language: str
    made_by: str
    made_utc_ns: int
    note: str = ""


class TierKind(StrEnum):
    STEPS = "steps"
    STATES = "states"


class TierStatus(StrEnum):
    DRAFT = "draft"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Tier:
    """One annotator's layer of one kind over a session."""

    id: TierId
    session_id: SessionId
    kind: TierKind
    name: str
    codebook_id: CodebookId
    annotator: str
    origin: Origin
    status: TierStatus = TierStatus.DRAFT


@dataclass(frozen=True, slots=True)
class Segment:
    """A labelled span of a tier; `label` is the key of a label in the tier's codebook."""

    id: SegmentId
    tier_id: TierId
    interval: Interval
    label: str
    note: str = ""
    mistake: bool = False


class ReviewStatus(StrEnum):
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its answer and the clip of the session that it is about."""

    id: QuestionId
    session_id: SessionId
    clip: Interval
    asked_by: Role
    text: str
    answer: str
    asked: Interval
    answered: Interval
    step: str | None = None
    choices: tuple[str, ...] = ()
    status: ReviewStatus = ReviewStatus.PROPOSED
    origin: Origin = Origin.DERIVED
