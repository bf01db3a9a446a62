"""What a recorded session consists of: its people, procedure, streams, transcript and questions."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import NewType

from woz.base.interval import Interval

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
TermId = NewType("TermId", str)


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


class ConsentKind(StrEnum):
    """What a participant may agree to, each on its own."""

    PRIVACY = "privacy"
    RECORDING = "recording"
    TRANSCRIPTION = "transcription"
    RELEASE = "release"


@dataclass(frozen=True, slots=True)
class Consent:
    """That a participant agreed, to which version of the consent text, and when."""

    kind: ConsentKind
    version: str
    given_utc_ns: int


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody by pseudonym; `role` is the usual one, `languages` are BCP 47 tags, the best spoken first."""

    id: ParticipantId
    pseudonym: str
    role: Role
    consents: tuple[Consent, ...] = ()
    withdrawn: bool = False
    languages: tuple[str, ...] = ()


class Experience(StrEnum):
    """How often somebody has done a procedure before."""

    NONE = "none"
    SOME = "some"
    OFTEN = "often"


@dataclass(frozen=True, slots=True)
class Attendance:
    """A participant in one session: who they are in it, and how well they know its procedure beforehand.

    `times` counts earlier runs of the procedure; `skill` is their own rating, 0 to 10. None is not asked.
    """

    participant_id: ParticipantId
    role: Role
    experience: Experience | None = None
    times: int | None = None
    skill: int | None = None


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


class ProtocolKind(StrEnum):
    """How freely the expert speaks."""

    PROACTIVE = "proactive"
    ON_DEMAND = "on_demand"
    CUSTOM = "custom"


@dataclass(frozen=True, slots=True)
class Protocol:
    """The rules by which the expert helps, as the lab wrote them down, with what the expert may see and do.

    `gaze_shown` draws the trainee's gaze into the expert's view; `pointing_allowed` lets the expert draw on it;
    a cue of the expert waits for `cue_delay_ms` before the trainee gets it.
    """

    name: str
    text: str
    version: str
    kind: ProtocolKind = ProtocolKind.CUSTOM
    gaze_shown: bool = False
    pointing_allowed: bool = False
    cue_delay_ms: int = 0


PROACTIVE = Protocol(
    "Proactive",
    "Speak whenever it helps: explain the next step, encourage, warn, answer.",
    "1",
    ProtocolKind.PROACTIVE,
)
ON_DEMAND = Protocol(
    "On demand",
    "Answer when asked. Unasked, speak only to prevent a mistake or a danger.",
    "1",
    ProtocolKind.ON_DEMAND,
)


@dataclass(frozen=True, slots=True)
class Provenance:
    """The published data set that an imported session is of, and the licence that it is under."""

    source: str
    licence: str


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
    provenance: Provenance | None = None
    """Of a session that was imported from a published data set."""


class StreamKind(StrEnum):
    VIEW = "view"
    TRAINEE_VOICE = "trainee"
    EXPERT_HEARD = "expert_heard"
    EXPERT_SAID = "expert_said"
    GAZE = "gaze"
    OTHER_VIEW = "other_view"
    """The view of a second camera, where the glasses' became the main one."""
    ROOM = "room"
    """The camera's own sound, where the trainee had a microphone."""


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


SPREAD = "time spread"
"""The flag of a word that has its share of a stretch of speech, since nothing tells when it was said."""


@dataclass(frozen=True, slots=True)
class Word:
    """A spoken word. `doubt` is a person's judgement of it: doubtful, right, or (None) not judged.

    `flag` says why the recogniser may have invented it, or that its time is only SPREAD; empty where nothing speaks
    against it.
    """

    text: str
    interval: Interval
    confidence: float | None = None
    doubt: bool | None = None
    flag: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker says without a pause.

    `interval` is on the trainee's time line: for the expert it is *heard*, and `said` is when it was spoken at
    the expert's microphone. `voice` names one of several speakers of a role, empty for the role's own. `origins`
    are the turns, as first made, that an edited one comes from; empty where it is itself alone. `translation` is
    the text in English, empty where there is none.
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
    checked: bool = False
    origins: tuple[TurnId, ...] = ()
    translation: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase that those who do a procedure say: an entry of its glossary."""

    id: TermId
    procedure_id: ProcedureId
    text: str


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
