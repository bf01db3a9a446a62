"""A question set once a decision on it counts no more: what the others make of it, in whatever order all came."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from woz.annotation.logged import Version
from woz.base.interval import Interval
from woz.dataset.review.state import settled
from woz.dataset.review.texts import concerns
from woz.model.made import Made
from woz.model.question import Question, ReviewStatus
from woz.model.review import Decision, ReviewRule, ReviewTask

T = TypeVar("T")
_WORDS = ("text", "answer", "distractors", "english", "wording", "answer_wording")
"""Fields that change, and stay, together."""


@dataclass(frozen=True, slots=True)
class Undecided:
    """A question set without what decisions made of it. `undoes` is the last edit by which they did and that holds,
    None where there is none.
    """

    question: Question
    undoes: int | None = None


def undecided(
    question: Question, versions: Iterable[Version], names: Collection[str], decisions: Sequence[Decision]
) -> Undecided:
    """`versions` are those of the log, the newest first; `names` those of edits that decisions made; `decisions`
    are those that hold.

    What others changed since stays, and so do words that a curator settled. Where it was judged anew after its
    transcript was corrected, it is as it was when that was corrected.
    """
    found = list(_since_judged_anew(versions, names))

    def before(part: Callable[[Question], T]) -> T:
        return _before(part, question, found, names)

    curated = (each for each in decisions if each.curated and each.task == ReviewTask.TEXT)
    standing = any(concerns(each, question) for each in curated)
    stale = question.made.stale or (before(_stale) and not _judged(decisions))
    words, made = _words(question) if standing else before(_words)
    without = replace(
        question,
        **dict(zip(_WORDS, words, strict=True)),
        clip=before(_clip),
        status=before(_status),
        made=replace(made, stale=stale),
    )
    undone = {each.undoes for each in found}
    holding = (each.edit_id for each in found if each.name in names and each.undoes is None)
    return Undecided(without, next((each for each in holding if each not in undone), None))


def settled_anew(question: Question, decisions: Sequence[Decision], rule: ReviewRule) -> Question:
    """What decisions make of a question set on which there were none; what was written anew may have been judged,
    and written anew, in its turn. One that is stale stays so.
    """
    found = replace(question, made=replace(question.made, stale=False))
    for _ in decisions:
        found = settled(replace(found, clip=question.clip), decisions, rule)
    return replace(found, made=question.made)


def _since_judged_anew(versions: Iterable[Version], names: Collection[str]) -> Iterator[Version]:
    for each in versions:
        before, after = each.before, each.after
        if not isinstance(before, Question) or not isinstance(after, Question):
            return
        yield each
        if each.name in names and before.made.stale and not after.made.stale:
            return


def _before(
    part: Callable[[Question], T], question: Question, versions: Iterable[Version], names: Collection[str]
) -> T:
    """A part of it as it was before decisions changed it, after the last time that anything else did."""
    now = part(question)
    for each in versions:
        assert isinstance(each.before, Question)
        assert isinstance(each.after, Question)
        before, after = part(each.before), part(each.after)
        if before == after:
            continue
        if each.name not in names or after != now:
            break
        now = before
    return now


def _judged(decisions: Iterable[Decision]) -> bool:
    """Whether its words are: whoever judges those of one that is stale makes it fresh."""
    return any(each.task == ReviewTask.TEXT for each in decisions)


def _words(question: Question) -> tuple[tuple[Any, ...], Made]:
    """And who made them."""
    return tuple(getattr(question, name) for name in _WORDS), replace(question.made, stale=False)


def _clip(question: Question) -> Interval:
    return question.clip


def _status(question: Question) -> ReviewStatus:
    return question.status


def _stale(question: Question) -> bool:
    return question.made.stale
