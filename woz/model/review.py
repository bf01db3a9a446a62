"""What people decide on question sets, and how many of them a project asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from woz.base.errors import WozError
from woz.model.ids import AnnotatorId, QuestionId, SessionId

MOST_PEOPLE = 25
WRONG_ANSWERS, MOST_WRONG_ANSWERS = 4, 25
"""As Ego-EXTRA has them; and so many that each option has a letter."""


class ReviewTask(StrEnum):
    """What is judged: the words alone, then whether the clip shows what is asked."""

    TEXT = "text"
    GROUNDING = "grounding"


class Verdict(StrEnum):
    """Those of the Ego-EXTRA paper (WACV 2026): four of the text, three of the clip."""

    ACCEPTABLE = "acceptable"
    DISCARD = "discard"
    TRANSCRIPTION_ERROR = "transcription-error"
    REVISE = "revise"
    GROUNDED = "grounded"
    NOT_GROUNDED = "not-grounded"
    CONTAINS_ANSWER = "contains-answer"


VERDICTS: Mapping[ReviewTask, tuple[Verdict, ...]] = {
    ReviewTask.TEXT: (Verdict.ACCEPTABLE, Verdict.DISCARD, Verdict.TRANSCRIPTION_ERROR, Verdict.REVISE),
    ReviewTask.GROUNDING: (Verdict.GROUNDED, Verdict.NOT_GROUNDED, Verdict.CONTAINS_ANSWER),
}
PASSING = frozenset({Verdict.ACCEPTABLE, Verdict.REVISE, Verdict.GROUNDED})


class ReviewState(StrEnum):
    """How far a question set is; it follows from the decisions (`woz.dataset.review.state`)."""

    PROPOSED = "proposed"
    IN_REVIEW = "in review"
    ACCEPTED = "accepted"
    DISCARDED = "discarded"
    DISPUTED = "disputed"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Texts:
    """What somebody reads of a question set, and may write anew; English is empty where there is none, and
    `english_distractors` are in the order of `distractors`. `taken` says of wrong answers that were taken from
    suggestions, where each is from.
    """

    question: str
    answer: str
    distractors: tuple[str, ...] = ()
    english_question: str = ""
    english_answer: str = ""
    english_distractors: tuple[str, ...] = ()
    taken: tuple[tuple[str, str], ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Decision:
    """What one person decided.

    `judged` names the texts that they had before them, and `revised` is what they made of them. `clip_ns` is the
    length of the clip that they saw. `said` names what was said where the question set is from as it was shown,
    empty where that isn't known: it is compared when the decision is kept, and goes no further. A curator's settles
    what others disagreed on; its comment is the reason. `utc_ns` is when it was made, 0 for when it is kept. `id`
    is 0 until it is kept.
    """

    question_id: QuestionId
    session_id: SessionId
    task: ReviewTask
    by: AnnotatorId
    verdict: Verdict
    judged: str
    curated: bool = False
    doubt: bool = False
    comment: str = ""
    revised: Texts | None = None
    clip_ns: int | None = None
    utc_ns: int = 0
    id: int = 0
    said: str = ""

    @property
    def passes(self) -> bool:
        return self.verdict in PASSING


@dataclass(frozen=True, slots=True)
class GivenQuestion:
    """A question set that was given to somebody to judge. `drawn` says how it was chosen, `by` who gave it."""

    question_id: QuestionId
    session_id: SessionId
    task: ReviewTask
    to: AnnotatorId
    by: str = ""
    drawn: str = ""
    made_utc_ns: int = 0


@dataclass(frozen=True, slots=True)
class GivenProgress:
    """How far one that was given is: `done` where it was judged as it is now, `open` where its judgement is still
    wanted; neither where others settled it.
    """

    given: GivenQuestion
    done: bool
    open: bool


@dataclass(frozen=True, slots=True)
class ReviewRule:
    """How many people judge each question set, and whether they look at its clip as well; `release_people` is how
    many must have judged the words of one that a release takes, 0 where nobody need to have. Each is to have so
    many `wrong_answers`.
    """

    people: int = 1
    grounding: bool = True
    release_people: int = 5
    """As many as judged each question set of Ego-EXTRA."""
    wrong_answers: int = WRONG_ANSWERS

    def __post_init__(self) -> None:
        """Raises WozError for a number that makes no sense."""
        if not 1 <= self.people <= MOST_PEOPLE:
            raise WozError(f"Each question set is judged by 1 to {MOST_PEOPLE} people; give --people 5, say.")
        if not 0 <= self.release_people <= MOST_PEOPLE:
            raise WozError(
                f"A release takes what 0 to {MOST_PEOPLE} people or more judged; give --release-people 5, say."
            )
        if not 1 <= self.wrong_answers <= MOST_WRONG_ANSWERS:
            raise WozError(
                f"Each question set has 1 to {MOST_WRONG_ANSWERS} wrong answers, so that each option has a letter;"
                " give 4 or 10, say."
            )
