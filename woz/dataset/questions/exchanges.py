"""Pairs questions of a dialogue with their answers: who asks, in which turns, and which turns answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from woz.base.interval import NS_PER_MS, NS_PER_S, Interval
from woz.dataset.questions.asking import asks, asks_within, unfinished
from woz.model.people import Role
from woz.model.transcript import Turn

REPLY_WITHIN_NS = 8 * NS_PER_S
ASKED_ON_WITHIN_NS = 2 * NS_PER_S
ANSWERED_ON_WITHIN_NS = NS_PER_S
LONGEST_ANSWER_NS = 12 * NS_PER_S
HEARD_OUT_NS = 300 * NS_PER_MS
"""Who speaks sooner after a question has begun can't mean it."""
_STALLS = re.compile(
    r"^\W*(?:(?:m+-?hm+|u+h+m*|h+m+|um+|ah+|oh|wait|hold on|one (?:second|moment|sec)|just a (?:second|moment)"
    r"|let me (?:see|look|think|check)|aspetta|un attimo|vediamo|moment|warte|mal sehen|attends|voyons"
    r"|espera|a ver|えっと|ちょっと待って(?:ください)?|等一下)\W*)+$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Exchange:
    asked: tuple[Turn, ...]
    answered: tuple[Turn, ...]

    @property
    def question_span(self) -> Interval:
        return _span(self.asked)

    @property
    def answer_span(self) -> Interval:
        return _span(self.answered)


def exchanges(turns: Sequence[Turn]) -> list[Exchange]:
    """All questions that are answered, by time.

    A question may be asked in two turns, one after the other. What only wins time ("let me see") is no answer. A
    counter-question and its reply may come between; a new question of the asker's may not.
    """
    ordered = sorted(turns, key=lambda turn: turn.interval)
    found, i = list[Exchange](), 0
    while i < len(ordered):
        asked = _asked(ordered, i)
        answered = _answer(asked, ordered[i + len(asked) :]) if asked else ()
        if answered:
            found.append(Exchange(asked, answered))
        i += max(1, len(asked))
    return found


def stalls(text: str) -> bool:
    """Whether a turn only wins time."""
    return bool(_STALLS.match(text))


def _asked(turns: Sequence[Turn], i: int) -> tuple[Turn, ...]:
    first, following = turns[i], turns[i + 1 : i + 2]
    if first.speaker == Role.OTHER:
        return ()
    for second in following:
        near = second.interval.start_ns - first.interval.end_ns <= ASKED_ON_WITHIN_NS
        if second.speaker == first.speaker and near and _asked_on(first.text, second.text):
            return first, second
    return (first,) if asks(first.text) or (first.speaker == Role.TRAINEE and asks_within(first.text)) else ()


def _asked_on(first: str, second: str) -> bool:
    """Whether two turns ask one question: it is begun in the first, or asked again in the second."""
    if asks(second):
        return asks(first) or unfinished(first)
    return unfinished(first) and asks(f"{first} {second}")


def _answer(asked: Sequence[Turn], later: Sequence[Turn]) -> tuple[Turn, ...]:
    asker, until_ns = asked[-1].speaker, asked[-1].interval.end_ns + REPLY_WITHIN_NS
    earliest_ns = asked[-1].interval.start_ns + HEARD_OUT_NS
    countered = False
    for i, turn in enumerate(later):
        if turn.interval.start_ns > until_ns:
            return ()
        if turn.speaker == Role.OTHER or turn.interval.start_ns < earliest_ns:
            continue
        if turn.speaker == asker:
            if asks(turn.text):
                return ()
            until_ns = turn.interval.end_ns + REPLY_WITHIN_NS if countered else until_ns
        elif asks(turn.text) or stalls(turn.text):
            countered = countered or asks(turn.text)
            until_ns = turn.interval.end_ns + REPLY_WITHIN_NS
        else:
            return whole_answer(turn, later[i + 1 :])
    return ()


def whole_answer(first: Turn, later: Sequence[Turn]) -> tuple[Turn, ...]:
    """The answer with what its speaker goes on to say at once, within bounds."""
    answer = [first]
    for turn in later:
        gap_ns = turn.interval.start_ns - answer[-1].interval.end_ns
        length_ns = turn.interval.end_ns - first.interval.start_ns
        on = turn.speaker == first.speaker and gap_ns <= ANSWERED_ON_WITHIN_NS and length_ns <= LONGEST_ANSWER_NS
        if not on or asks(turn.text):
            break
        answer.append(turn)
    return tuple(answer)


def _span(turns: Sequence[Turn]) -> Interval:
    start_ns = min(turn.interval.start_ns for turn in turns)
    return Interval(start_ns, max(turn.interval.end_ns for turn in turns))
