"""Which sessions and question sets go into a release, and why the others don't."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from woz.base.counts import counted
from woz.dataset.release.recipe import Recipe
from woz.formats.bundle import SessionBundle
from woz.model.ids import SessionId
from woz.model.question import Question
from woz.privacy.consent import release_reason

FEWER = "fewer than"


@dataclass(slots=True)
class LeftOut:
    """Sessions with the reason, and how many question sets for which reason."""

    sessions: dict[str, str] = field(default_factory=dict)
    questions: Counter[str] = field(default_factory=Counter[str])

    def sentences(self) -> list[str]:
        found = [f"{session} is left out: {reason}" for session, reason in sorted(self.sessions.items())]
        return found + [
            f"{counted(count, 'question set')} left out: {reason}."
            for reason, count in sorted(self.questions.items())
        ]


def may_leave(bundle: SessionBundle, left_out: LeftOut, objection_of: Callable[[SessionId], str]) -> bool:
    """Whether everybody in it agreed to public release, and nothing else is against it; else it is noted."""
    reason = release_reason(bundle.session, bundle.participants) or objection_of(bundle.session.id)
    if reason:
        left_out.sessions[bundle.session.id] = reason
        if bundle.questions:
            left_out.questions["their session may not be released"] += len(bundle.questions)
    return not reason


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
        return f"they are {question.status}"
    if question.made.stale:
        return "their transcript was corrected since"
    if not question.text.strip() or not question.answer.strip():
        return "they have no question or no answer"
    if len(question.distractors) < recipe.fewest_wrong:
        few = "no wrong answer" if recipe.fewest_wrong == 1 else f"fewer than {recipe.fewest_wrong} wrong answers"
        return f"they have {few}"
    if judges < recipe.judges:
        return f"{FEWER} {recipe.judges} people judged them"
    if recipe.english and not question.in_english and not question.english_checked:
        return "they are not known to be English, and nobody has checked an English text of theirs"
    return ""
