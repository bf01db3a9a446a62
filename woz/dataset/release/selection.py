"""Which sessions and question sets go into a release, and why the others don't."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from woz.base.counts import counted
from woz.dataset.release.recipe import Recipe
from woz.formats.bundle import SessionBundle
from woz.model.ids import SessionId
from woz.model.question import Question, ReviewStatus
from woz.privacy.consent import release_bar, release_reason

FEWER = "fewer than"
PROPOSED = f"they are {ReviewStatus.PROPOSED.word}"
CORRECTED = "their transcript was corrected since"
NO_WRONG, FEW_WRONG = "no wrong answer", "wrong answers"
STAYING = "they were said where nothing may be released"

_OF_ONE = {
    "they are": "it is",
    "they have": "it has",
    "they were": "it was",
    "their": "its",
    "them": "it",
    "theirs": "its own",
}
_OF_SEVERAL = re.compile(rf"\b(?:{'|'.join(_OF_ONE)})\b")


class Objection(NamedTuple):
    """Why a session may not go: a sentence for the lab, and the same without a name, for the release."""

    sentence: str
    bar: str


@dataclass(slots=True)
class LeftOut:
    """Sessions with the reason, how many for which reason, and how many question sets for which reason.

    `sessions` may name people, and stays in the lab; the rest names nobody.
    """

    sessions: dict[str, str] = field(default_factory=dict)
    bars: Counter[str] = field(default_factory=Counter[str])
    questions: Counter[str] = field(default_factory=Counter[str])
    wrong: int = 0
    """Wrong answers of question sets that go."""

    def sentences(self) -> list[str]:
        """For the lab."""
        found = [f"{session} is left out: {reason}" for session, reason in sorted(self.sessions.items())]
        return found + self._of_questions()

    def nameless(self) -> list[str]:
        """For the release, which names nobody who isn't in it."""
        found = [f"{counted(count, 'session')} left out: {bar}." for bar, count in sorted(self.bars.items())]
        return found + self._of_questions()

    def counts(self) -> dict[str, dict[str, int]]:
        """The same, for programs."""
        wrong = {STAYING: self.wrong} if self.wrong else {}
        found = {"sessions": self.bars, "questions": self.questions, "wrong_answers": wrong}
        return {name: dict(sorted(counts.items())) for name, counts in found.items()}

    def _of_questions(self) -> list[str]:
        found = [
            f"{counted(count, 'question set')} left out: {reason_for(count, reason)}."
            for reason, count in sorted(self.questions.items())
        ]
        if not self.wrong:
            return found
        return [*found, f"{counted(self.wrong, 'wrong answer')} left out: {reason_for(self.wrong, STAYING)}."]


def reason_for(count: int, reason: str) -> str:
    """Why so many question sets are left out, in words; reasons are kept as they are told of several."""
    return _OF_SEVERAL.sub(lambda found: _OF_ONE[found[0]], reason) if count == 1 else reason


def may_leave(
    bundle: SessionBundle, left_out: LeftOut, objection_of: Callable[[SessionId], Objection | None]
) -> bool:
    """Whether everybody in it agreed to public release, and nothing else is against it; else it is noted."""
    objection = _of_people(bundle) or objection_of(bundle.session.id)
    if objection:
        left_out.sessions[bundle.session.id] = objection.sentence
        left_out.bars[objection.bar] += 1
        if bundle.questions:
            left_out.questions["their session may not be released"] += len(bundle.questions)
    return not objection


def _of_people(bundle: SessionBundle) -> Objection | None:
    session, people = bundle.session, bundle.participants
    reason = release_reason(session, people)
    return Objection(reason, release_bar(session, people)) if reason else None


def chosen(
    questions: Sequence[Question], recipe: Recipe, left_out: LeftOut, judges: Mapping[str, int]
) -> list[Question]:
    """Those that the recipe takes, by time; the others are counted by what speaks against them. `judges` is how
    many people judged each.
    """
    found = []
    for question in sorted(questions, key=lambda each: (each.at_ns, each.id)):
        if reason := _against(question, recipe, judges.get(question.id, 0)):
            left_out.questions[reason] += 1
        else:
            found.append(question)
    return found


def _against(question: Question, recipe: Recipe, judges: int) -> str:
    if question.status not in recipe.statuses:
        return f"they are {question.status.word}"
    if question.made.stale:
        return CORRECTED
    if not question.text.strip() or not question.answer.strip():
        return "they have no question or no answer"
    if len(question.distractors) < recipe.fewest_wrong:
        few = NO_WRONG if recipe.fewest_wrong == 1 else f"fewer than {recipe.fewest_wrong} {FEW_WRONG}"
        return f"they have {few}"
    if judges < recipe.judges:
        return f"{FEWER} {recipe.judges} people judged them"
    if recipe.english and not question.in_english and not question.english_checked:
        return "they are not known to be English, and nobody has checked an English text of theirs"
    return ""
