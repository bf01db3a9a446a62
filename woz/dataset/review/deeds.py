"""What somebody does to question sets where they judge or settle them, as it is kept until the store has it."""

from __future__ import annotations

from dataclasses import dataclass

from woz.model.question import Question
from woz.model.review import Decision, ReviewTask, Texts


@dataclass(frozen=True, slots=True)
class TakingBack:
    """Of one's own last decision of a task; `utc_ns` is when it was asked for."""

    task: ReviewTask
    curated: bool
    utc_ns: int


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
