"""Values that the tests of the storage keep and read back."""

from __future__ import annotations

from woz.base.clock import ManualClock
from woz.base.interval import Interval
from woz.model.annotation import Segment, Tier, TierKind
from woz.model.codebook import STATES
from woz.model.ids import QuestionId, SegmentId, SessionId, TierId, TranscriptId, TurnId
from woz.model.origin import Origin
from woz.model.people import Role
from woz.model.question import Question
from woz.model.session import Session, SessionState
from woz.model.transcript import Transcript, Turn, Word

CLOCK = ManualClock(utc_ns=1_700_000_000_000_000_000)
SID = SessionId("20231114-221320-00aa")
SESSION = Session(SID, "Cake", SessionState.RECORDING, CLOCK.utc_ns())
TIER = Tier(TierId("tier"), SID, TierKind.STATES, "States", STATES.id, "ada", Origin.MANUAL)
TRANSCRIPT = Transcript(TranscriptId("transcript"), SID, Origin.SCRIPT, "en", "woz", CLOCK.utc_ns(), "of the demo")
TURN = Turn(
    TurnId("turn"),
    TRANSCRIPT.id,
    Role.EXPERT,
    Interval(20, 40),
    "Mix well.",
    Interval(10, 30),
    (Word("Mix", Interval(20, 28), 0.5), Word("well.", Interval(28, 40))),
    0.9,
)


def segment(name: str, start_ns: int = 0, end_ns: int = 5, label: str = "none") -> Segment:
    return Segment(SegmentId(name), TIER.id, Interval(start_ns, end_ns), label)


def question(name: str) -> Question:
    span = Interval(0, 5)
    choices = ("So.", "Not so.", "No.")
    return Question(QuestionId(name), SID, span, Role.TRAINEE, "How?", "So.", span, span, choices=choices)
