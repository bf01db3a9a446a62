"""Values that the tests of the storage keep and read back."""

from __future__ import annotations

from dataclasses import replace

from woz.base.clock import ManualClock
from woz.base.interval import Interval
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, LabelId, QuestionId, SchemeId, SessionId, TierId, TranscriptId, TurnId
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.own_schemes import CONVERSATION, STATES
from woz.model.people import Role
from woz.model.question import Distractor, Question, Wording
from woz.model.scheme import Label, Overlap, Scheme, TierType
from woz.model.session import Session, SessionState
from woz.model.tier import Tier
from woz.model.transcript import Transcript, Turn, Word

CLOCK = ManualClock(utc_ns=1_700_000_000_000_000_000)
SID = SessionId("20231114-221320-00aa")
SESSION = Session(SID, "Cake", SessionState.RECORDING, CLOCK.utc_ns())
MADE = Made(Origin.MANUAL, "ada", CLOCK.utc_ns())
LOOSE = Scheme(
    SchemeId("loose"),
    "Loose",
    1,
    (
        TierType("any", overlap=Overlap.ANY),
        TierType("other", overlap=Overlap.OTHER_LABEL, labels=tuple(Label(LabelId(k), k) for k in "ab")),
    ),
)
"""A scheme in which annotations may overlap."""
TIER = Tier(TierId("tier"), SID, LOOSE.id, 1, "any", "Anything", MADE)
OTHER_TIER = Tier(TierId("others"), SID, LOOSE.id, 1, "other", "With other labels", MADE)
STRICT_TIER = Tier(TierId("strict"), SID, CONVERSATION.id, 1, STATES, "States", MADE)
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


def segment(name: str, start_ns: int = 0, end_ns: int = 5, label: str = "none") -> Annotation:
    return Annotation(AnnotationId(name), TIER.id, start_ns, end_ns, label, MADE)


def moved(annotation: Annotation, span: Interval) -> Annotation:
    return replace(annotation, start_ns=span.start_ns, end_ns=span.end_ns)


def question(name: str) -> Question:
    span = Interval(0, 5)
    by_rule = Wording("woz", "negation", CLOCK.utc_ns())
    wrong = (Distractor("Not so.", by_rule), Distractor("No.", source="other", english="No."))
    return Question(QuestionId(name), SID, span, Role.TRAINEE, "How?", "So.", span, span, distractors=wrong)
