"""Who takes part in a session, what they agreed to, and how well they know its procedure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from woz.model.ids import ParticipantId


class Role(StrEnum):
    """Who somebody is in a session."""

    TRAINEE = "trainee"
    EXPERT = "expert"
    OTHER = "other"


class ConsentKind(StrEnum):
    """What a participant may agree to, each on its own."""

    PRIVACY = "privacy"
    RECORDING = "recording"
    TRANSCRIPTION = "transcription"
    RELEASE = "release"


@dataclass(frozen=True, slots=True)
class Consent:
    """That a participant agreed, to which version of the consent text, and when.

    `until_utc_ns` is when what was made by it has to go; None where the text names no end.
    """

    kind: ConsentKind
    version: str
    given_utc_ns: int
    until_utc_ns: int | None = None


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
