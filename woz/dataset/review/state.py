"""How far a question set is by the decisions on it, and what it becomes by them.

Who agree settle it; where people don't agree on whether it passes, or on its texts, a curator does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import Enum

from woz.base.interval import Interval
from woz.dataset.review.texts import concerns, judged, revised, texts_of
from woz.model.ids import AnnotatorId
from woz.model.question import Question, ReviewStatus
from woz.model.review import Decision, ReviewRule, ReviewState, ReviewTask, Texts, Verdict

_BY_STATUS = {
    ReviewStatus.PROPOSED: ReviewState.PROPOSED,
    ReviewStatus.ACCEPTED: ReviewState.ACCEPTED,
    ReviewStatus.REJECTED: ReviewState.DISCARDED,
}


class Outcome(Enum):
    """What came of one task."""

    OPEN = "open"
    PASSED = "passed"
    FAILED = "failed"
    DISPUTED = "disputed"


def counted(question: Question, decisions: Iterable[Decision]) -> list[Decision]:
    """Those about the question set as it is, the last of each person and task, by time."""
    last: dict[tuple[str, ReviewTask, bool], Decision] = {}
    for each in sorted(decisions, key=lambda one: (one.utc_ns, one.id)):
        if concerns(each, question):
            last[each.by, each.task, each.curated] = each
    return sorted(last.values(), key=lambda one: (one.utc_ns, one.id))


def judges_of(question: Question, decisions: Sequence[Decision]) -> int:
    """How many people judged its words as they are; where a curator settled them, also as they were before."""
    own = [each for each in counted(question, decisions) if each.task == ReviewTask.TEXT]
    if any(each.curated for each in own):
        own = [each for each in decisions if each.task == ReviewTask.TEXT]
    return len({each.by for each in own if not each.curated})


def outcome_of(question: Question, decisions: Iterable[Decision], task: ReviewTask, people: int) -> Outcome:
    """Before enough have decided it is open, whatever they decided: nobody shall know from what others see."""
    own = [each for each in counted(question, decisions) if each.task == task]
    curated = [each for each in own if each.curated]
    judges = [each for each in own if not each.curated]
    if curated:
        return Outcome.PASSED if curated[-1].passes else Outcome.FAILED
    if len(judges) < people:
        return Outcome.OPEN
    if not any(each.passes for each in judges):
        return Outcome.FAILED
    one_mind = all(each.passes for each in judges) and len(_wanted(question, judges)) == 1
    return Outcome.PASSED if one_mind else Outcome.DISPUTED


def state_of(question: Question, decisions: Sequence[Decision], rule: ReviewRule) -> ReviewState:
    """The state of a question set. Without any decision on it, its status says it: it may be judged elsewhere."""
    if question.made.stale:
        return ReviewState.STALE
    if not counted(question, decisions):
        return _BY_STATUS[question.status]
    text, grounding = (outcome_of(question, decisions, task, rule.people) for task in ReviewTask)
    found = (text, grounding) if rule.grounding else (text,)
    if Outcome.FAILED in found:
        return ReviewState.DISCARDED
    if Outcome.DISPUTED in found:
        return ReviewState.DISPUTED
    return ReviewState.ACCEPTED if set(found) == {Outcome.PASSED} else ReviewState.IN_REVIEW


def to_judge(question: Question, decisions: Sequence[Decision], task: ReviewTask, rule: ReviewRule) -> bool:
    """Whether somebody's decision on a task is wanted; the clip is looked at once the words have passed.

    One that was judged elsewhere, or by an earlier rule, isn't judged again; one that is stale is.
    """
    if question.made.stale:
        return task == ReviewTask.TEXT
    if not counted(question, decisions) and question.status != ReviewStatus.PROPOSED:
        return False
    text = outcome_of(question, decisions, ReviewTask.TEXT, rule.people)
    if task == ReviewTask.TEXT:
        return text == Outcome.OPEN
    return (
        rule.grounding
        and text == Outcome.PASSED
        and outcome_of(question, decisions, task, rule.people) == Outcome.OPEN
    )


def still_to_judge(question: Question, decisions: Sequence[Decision], task: ReviewTask, rule: ReviewRule) -> bool:
    """Whether decisions on a task are wanted, or may be once the words have passed."""
    if task == ReviewTask.TEXT or not rule.grounding or to_judge(question, decisions, task, rule):
        return to_judge(question, decisions, task, rule)
    disputed = outcome_of(question, decisions, ReviewTask.TEXT, rule.people) == Outcome.DISPUTED
    return disputed or to_judge(question, decisions, ReviewTask.TEXT, rule)


def judges_as_it_is(question: Question, decisions: Iterable[Decision], task: ReviewTask) -> frozenset[AnnotatorId]:
    """Who judged a task of it as it is now; nobody of one that is stale, which is judged anew."""
    if question.made.stale:
        return frozenset()
    own = (each for each in counted(question, decisions) if each.task == task and not each.curated)
    return frozenset(each.by for each in own)


def settled(question: Question, decisions: Sequence[Decision], rule: ReviewRule) -> Question:
    """What a question set becomes by the decisions: its status, its texts and its clip's length, which stays where
    nobody found it grounded.

    The texts are those that all agreed on, or that a curator took; the clip is the longest of those in which it was
    found grounded, which contains the others, also where people disagree on it. One that is stale stays as it is.
    """
    if question.made.stale:
        return question
    found, fresh = counted(question, decisions), question
    texts = [each for each in found if each.task == ReviewTask.TEXT]
    if outcome_of(fresh, texts, ReviewTask.TEXT, rule.people) == Outcome.PASSED:
        fresh = _with_texts(fresh, texts)
    clips = [each for each in found if each.task == ReviewTask.GROUNDING]
    if outcome_of(fresh, clips, ReviewTask.GROUNDING, rule.people) in (Outcome.PASSED, Outcome.DISPUTED):
        fresh = _with_clip(fresh, clips)
    state = state_of(fresh, decisions, rule)
    by_state = {ReviewState.ACCEPTED: ReviewStatus.ACCEPTED, ReviewState.DISCARDED: ReviewStatus.REJECTED}
    return replace(fresh, status=by_state.get(state, ReviewStatus.PROPOSED))


def _wanted(question: Question, judges: Iterable[Decision]) -> set[str | Texts]:
    """The texts that they passed, each once; what stands is named by its hash."""
    return {
        each.revised if each.verdict == Verdict.REVISE and each.revised else judged(question, each.task)
        for each in judges
        if each.passes
    }


def _with_texts(question: Question, decisions: Sequence[Decision]) -> Question:
    curated = [each for each in decisions if each.curated]
    revising = [each for each in curated or decisions if each.revised]
    if not revising:
        return question
    last = revising[-1]
    assert last.revised
    if _put_in_english_since(question, last.revised, last.utc_ns):
        return question
    return revised(question, last.revised, last.by, last.utc_ns)


def _put_in_english_since(question: Question, texts: Texts, utc_ns: int) -> bool:
    """Whether these are its words already, and their English was written later."""
    now = texts_of(question)
    same = (now.question, now.answer, now.distractors) == (texts.question, texts.answer, texts.distractors)
    return same and question.english is not None and question.english.wording.utc_ns > utc_ns


def _with_clip(question: Question, decisions: Sequence[Decision]) -> Question:
    seen = [each.clip_ns for each in decisions if each.verdict == Verdict.GROUNDED and each.clip_ns]
    if not seen:
        return question
    end_ns = question.known.end_ns
    return replace(question, clip=Interval(max(0, end_ns - max(seen)), end_ns))
