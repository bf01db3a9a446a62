"""Question sets: a question with its answer, the wrong answers beside it, and the clip that it is about."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from woz.base.interval import Interval
from woz.model.ids import AnnotationId, QuestionId, SessionId, TurnId
from woz.model.item import item_kind
from woz.model.language import is_english
from woz.model.made import Made
from woz.model.origin import Origin
from woz.model.people import Role

_DERIVED = Made(Origin.DERIVED)


class ReviewStatus(StrEnum):
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"

    @property
    def word(self) -> str:
        """As people read it; files and programs have the value."""
        return "discarded" if self is ReviewStatus.REJECTED else str(self)


class QuestionKind(StrEnum):
    """Where a question is from: somebody asked it; the expert said its answer unasked; a person wrote it."""

    ASKED = "asked"
    UNASKED = "unasked"
    WRITTEN = "written"


@dataclass(frozen=True, slots=True)
class Wording:
    """Where a text is from; empty for what was said.

    `by` is an annotator's id, a model's or the program's name, `how` the rule or the prompt.
    """

    by: str = ""
    how: str = ""
    utc_ns: int = 0


AS_SAID = Wording()


@dataclass(frozen=True, slots=True)
class Distractor:
    """A wrong answer. `source` is the question whose answer it is, where it was taken from one; `english` is empty
    where there is none.
    """

    text: str
    wording: Wording = AS_SAID
    source: str = ""
    english: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the answer rests on; `frames_ns` are session times of frames."""

    turns: tuple[TurnId, ...] = ()
    annotations: tuple[AnnotationId, ...] = ()
    frames_ns: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class English:
    """Question and answer in English; `checked` once a person has compared them, and the English of the wrong
    answers, with the original. `wording` says who or what wrote them.
    """

    text: str
    answer: str
    checked: bool = False
    wording: Wording = AS_SAID


@dataclass(frozen=True, slots=True)
class Flag:
    """What a gate holds against a question, and why; a person decides."""

    gate: str
    reason: str


@item_kind(
    "question",
    owner="session",
    together=(("answer", "distractors"),),
    by_key={"flags": "gate"},
    follows=frozenset({"made"}),
)
@dataclass(frozen=True, slots=True)
class Question:
    """A question set. `clip` ends when the question has been asked.

    `asked` and `answered` are the turns' spans as the trainee heard them. `type` is a label of a scheme's tier type
    "questions"; `language` is a BCP 47 tag. Its first text stands in the edit log.
    """

    id: QuestionId
    session_id: SessionId
    clip: Interval
    asked_by: Role
    text: str
    answer: str
    asked: Interval
    answered: Interval
    step: str | None = None
    distractors: tuple[Distractor, ...] = ()
    status: ReviewStatus = ReviewStatus.PROPOSED
    made: Made = _DERIVED
    asked_ns: int | None = None
    """When its last word has been said; None in what was made before that was known."""
    kind: QuestionKind = QuestionKind.ASKED
    type: str | None = None
    language: str = ""
    english: English | None = None
    evidence: Evidence = Evidence()
    wording: Wording = AS_SAID
    answer_wording: Wording = AS_SAID
    flags: tuple[Flag, ...] = ()

    @property
    def at_ns(self) -> int:
        """The session time at which it has been asked; nothing later is known then."""
        return self.asked.end_ns if self.asked_ns is None else self.asked_ns

    @property
    def known(self) -> Interval:
        """Its clip as far as the question: whatever is stored, nothing later is known."""
        end_ns = min(self.clip.end_ns, self.at_ns)
        return Interval(min(self.clip.start_ns, end_ns), end_ns)

    @property
    def options(self) -> tuple[str, ...]:
        """The answer, then the wrong ones."""
        return (self.answer, *(each.text for each in self.distractors))

    @property
    def english_options(self) -> tuple[str, ...]:
        """`options` in English; empty where one of them, or the question, is not there in English."""
        if self.english is None:
            return ()
        found = (self.english.answer, *(each.english for each in self.distractors))
        return found if self.english.text and all(found) else ()

    @property
    def english_checked(self) -> bool:
        """Whether a person has compared an English text of all of it."""
        return bool(self.english and self.english.checked and self.english_options)

    @property
    def in_english(self) -> bool:
        """Whether it is known to be in English as it stands."""
        return is_english(self.language)

    @property
    def foreign(self) -> bool:
        """Whether it is known to be in another language than English."""
        return bool(self.language) and not self.in_english
