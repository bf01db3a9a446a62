"""The nearest other answers and labels by sentence vectors, as suggestions that a person decides on.

Source: Exo2Ego (arXiv 2503.09143) takes the nearest other texts, four or ten, as the wrong options of a clip.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from woz.dataset.distractors.languages import fits_language
from woz.dataset.distractors.like_answers import SOON_NS
from woz.dataset.distractors.minimal_edits import affirms, bare_answer
from woz.dataset.distractors.option_checks import clashes
from woz.dataset.distractors.sentence_vectors import SentenceVectors, Vectors
from woz.dataset.texts import cut_off
from woz.model.question import Question


@dataclass(frozen=True, slots=True)
class Candidate:
    """Another question's answer, or a label's name; `question` is whose answer it is."""

    text: str
    language: str = ""
    question: Question | None = None


@dataclass(frozen=True, slots=True)
class Near:
    """`cosine` is from -1 to 1."""

    candidate: Candidate
    cosine: float


@dataclass(slots=True)
class Pool:
    """All that may be suggested, encoded once."""

    candidates: Sequence[Candidate]
    vectors: SentenceVectors
    _rows: Vectors | None = field(default=None)
    _ranks: NDArray[np.int64] | None = field(default=None)
    """Of the candidates' texts in their alphabet."""

    def nearest(self, question: Question, count: int) -> list[Near]:
        """At most so many, the nearest first, each text once; what rules speak against is left out, and so is what
        was said within half a minute of the same session, which may be right as well.
        """
        if self._rows is None or self._ranks is None:
            texts = [each.text for each in self.candidates]
            self._rows, ranks = self.vectors.of(texts), {text: n for n, text in enumerate(sorted(set(texts)))}
            self._ranks = np.array([ranks[text] for text in texts], np.int64)
        if not self.candidates:
            return []
        near = self._rows @ self.vectors.of([question.answer])[0]
        found, taken = list[Near](), [*question.options]
        for place in np.lexsort((self._ranks, -near)):
            each = self.candidates[place]
            if _may_stand(each, question) and not clashes(each.text, taken):
                found.append(Near(each, float(near[place])))
                taken.append(each.text)
            if len(found) == count:
                break
        return found


def candidate_answers(questions: Sequence[Question]) -> list[Candidate]:
    """The answers that say something by themselves."""
    fit = (each for each in questions if not (bare_answer(each.answer) or cut_off(each.answer)))
    return [Candidate(each.answer, each.language, each) for each in fit]


def _may_stand(candidate: Candidate, question: Question) -> bool:
    other = candidate.question
    if not fits_language(candidate.text, candidate.language, question):
        return False
    if affirms(candidate.text) and affirms(question.answer):
        return False
    if other is None or other.session_id != question.session_id:
        return True
    return abs(other.at_ns - question.at_ns) >= SOON_NS
