"""What was said: words, turns and transcripts, and the glossary of those who said it."""

from __future__ import annotations

from dataclasses import dataclass

from woz.base.interval import Interval
from woz.model.ids import ProcedureId, SessionId, TermId, TranscriptId, TurnId
from woz.model.item import item_kind
from woz.model.origin import Origin
from woz.model.people import Role

SPREAD = "time spread"
"""The flag of a word that has its share of a stretch of speech, since nothing tells when it was said."""
CUT = "cut: the model stopped before the end of the sound"
"""The flag of a word after which the recogniser's text was full: what was said then may be missing."""


@dataclass(frozen=True, slots=True)
class Word:
    """A spoken word. `doubt` is a person's judgement of it: doubtful, right, or (None) not judged.

    `flag` says why the recogniser may have invented it, that its time is only SPREAD, or that the text is CUT after
    it; empty where nothing speaks against it.
    """

    text: str
    interval: Interval
    confidence: float | None = None
    doubt: bool | None = None
    flag: str = ""


def may_be_invented(flag: str) -> bool:
    """Whether a word's flag says so."""
    return flag not in ("", SPREAD, CUT)


@item_kind("turn", owner="transcript", together=(("text", "words"), ("interval", "said")))
@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker says without a pause.

    `interval` is on the trainee's time line: for the expert it is *heard*, and `said` is when it was spoken at
    the expert's microphone. `voice` names one of several speakers of a role, empty for the role's own. `origins`
    are the turns, as first made, that an edited one comes from; empty where it is itself alone. `translation` is
    the text in English, empty where there is none. `doubt` is a person's note on why it is doubtful, which may be
    empty; None where nobody said so.
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
    doubt: str | None = None


@item_kind("term", owner="procedure", table="glossary_term")
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
