"""Future leak: what is later than the question, or gives its answer before it is asked."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from woz.base.interval import seconds
from woz.dataset.distractors.option_checks import contains, same
from woz.dataset.gates.item import Finding, Gate, Item
from woz.dataset.texts import words_of

NAME = "future leak"
FEWEST_WORDS = 2
"""An answer of fewer words ("yes") is found anywhere."""
LOOKED_BACK_NS = 30_000_000_000


def leak_gate(items: Sequence[Item]) -> Gate:
    findings = [Finding(item.question.id, reason) for item in items for reason in _reasons(item)]
    return Gate(NAME, len(items), tuple(findings))


def _reasons(item: Item) -> Iterator[str]:
    question, at_ns = item.question, item.question.at_ns
    if question.clip.end_ns > at_ns:
        over = seconds(question.clip.end_ns - at_ns)
        yield f"The clip goes on for {over:.2f} s after the question; a release cuts it there."
    if any(t_ns > at_ns for t_ns in question.evidence.frames_ns):
        yield "A frame that it rests on is later than the question; a release leaves it out."
    if any(item.starts.get(key, at_ns) > at_ns for key in question.evidence.annotations):
        yield "A segment that it rests on begins after the question; a release leaves it out."
    if question.answered.start_ns < at_ns:
        early = seconds(at_ns - question.answered.start_ns)
        yield f"The answer begins {early:.2f} s before the question ends; a release leaves that sound out."
    if contains(question.text, question.answer):
        yield "The question contains the answer."
    if told := _told_before(item):
        yield told


def _told_before(item: Item) -> str:
    """Where the answer was said word by word within the clip or shortly before, in a turn that ended by then."""
    question = item.question
    if len(words_of(question.answer)) < FEWEST_WORDS:
        return ""
    from_ns = min(question.clip.start_ns, question.at_ns - LOOKED_BACK_NS)
    own = set(question.evidence.turns)
    first = bisect_left(item.turns, from_ns, key=lambda turn: turn.interval.start_ns)
    for turn in item.turns[first:]:
        if turn.interval.end_ns > question.at_ns:
            break
        if turn.id not in own and (same(turn.text, question.answer) or contains(turn.text, question.answer)):
            return f"The answer was said before, at {seconds(turn.interval.start_ns):.1f} s of the session."
    return ""
