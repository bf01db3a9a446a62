"""What somebody does to question sets where they judge or settle them, as it is kept until the store has it."""

from __future__ import annotations

from dataclasses import dataclass

from woz.dataset.distractors.wells import LIKE, NEAREST
from woz.model.ids import QuestionId, SessionId
from woz.model.question import Question
from woz.model.review import Decision, ReviewTask, Texts


@dataclass(frozen=True, slots=True)
class TakingBack:
    """Of one's own decision that was made at `of_utc_ns`, and of no other; `utc_ns` is when it was asked for."""

    question_id: QuestionId
    task: ReviewTask
    curated: bool
    of_utc_ns: int
    utc_ns: int

    @classmethod
    def of(cls, decision: Decision, utc_ns: int) -> TakingBack:
        return cls(decision.question_id, decision.task, decision.curated, decision.utc_ns, utc_ns)

    def means(self, decision: Decision) -> bool:
        return self == TakingBack.of(decision, self.utc_ns)


@dataclass(frozen=True, slots=True)
class EnglishCheck:
    """The English text was compared with the original; `seen` is the question set as it was then."""

    seen: Question


@dataclass(frozen=True, slots=True)
class EnglishTexts:
    """The English of these texts was written."""

    seen: Question
    texts: Texts


Deed = Decision | TakingBack | EnglishCheck | EnglishTexts


def about(deed: Deed) -> tuple[SessionId, QuestionId] | None:
    """Its question set, and the session of that; None of what takes a decision back, which holds nothing of it."""
    if isinstance(deed, TakingBack):
        return None
    if isinstance(deed, Decision):
        return deed.session_id, deed.question_id
    return deed.seen.session_id, deed.seen.id


def worded(deed: Deed) -> bool:
    """Whether it has words that somebody wrote."""
    if isinstance(deed, Decision):
        return bool(deed.comment or deed.revised)
    return isinstance(deed, EnglishTexts)


def taken_over(deed: Deed) -> frozenset[str]:
    """The wrong answers that it takes from what is an answer, or a step's name, elsewhere."""
    taken = deed.revised.taken if isinstance(deed, Decision) and deed.revised else ()
    return frozenset(text for text, well in taken if well.startswith((LIKE, NEAREST)))
