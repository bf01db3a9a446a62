"""Words that stay in the lab, and where they stand among wrong answers of question sets that don't."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from woz.dataset.review.texts import TAKEN
from woz.formats.bundle import SessionBundle
from woz.model.question import Distractor, Question


@dataclass(slots=True)
class StayingWords:
    """Answers of question sets that stay: a wrong answer may be one of these."""

    _questions: set[str] = field(default_factory=set)
    _answers: set[str] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self._questions)

    def add(self, questions: Iterable[Question]) -> None:
        for each in questions:
            self._questions.add(each.id)
            self._answers.add(each.answer)

    def without(self, question: Question) -> Question:
        """The same without those wrong answers."""
        kept = tuple(each for each in question.distractors if not self._stays(each))
        return question if len(kept) == len(question.distractors) else replace(question, distractors=kept)

    def less(self, bundle: SessionBundle) -> SessionBundle:
        """A session whose question sets are without them."""
        return replace(bundle, questions=tuple(map(self.without, bundle.questions)))

    def _stays(self, wrong: Distractor) -> bool:
        """What a person took from a suggestion names no question, so that it is known by its text."""
        taken = wrong.wording.how.startswith(TAKEN) and wrong.text in self._answers
        return taken or wrong.source in self._questions
